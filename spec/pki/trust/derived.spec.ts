import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {openPkcs12} from '../../../lib/pki/pkcs12.js';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {renewAuthority} from '../../../lib/pki/store/renew-authority.js';
import {refreshDerived} from '../../../lib/pki/trust/derived.js';
import {trustVariables} from '../../../lib/pki/trust/environment.js';
import {newStore} from '../../helpers/stores.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

test('files of sealport env follow a renewal, and lose the root with untrust', async t => {
	const {directory, authority} = await newStore(t);
	const company = await openAuthority(join(temporaryDirectory(t), 'company'));
	const {variables} = await trustVariables(directory, {SSL_CERT_FILE: company.caFile});
	const files = [variables.SSL_CERT_FILE ?? '', variables.GIT_SSL_CAINFO ?? ''];
	const java = join(directory, 'trust.p12');
	const holds = (root: {toString(): string; raw: Buffer}) => [
		...files.map(file => readFileSync(file, 'utf8').includes(root.toString())),
		readFileSync(java).includes(root.raw),
	];
	t.deepEqual(holds(authority.root), [true, true, true]);
	const {authority: renewed} = await renewAuthority(directory, []);
	const isOld = (certificate: {fingerprint256: string}) =>
		certificate.fingerprint256 === authority.root.fingerprint256;
	await refreshDerived(directory, isOld, renewed.root);
	t.deepEqual(holds(authority.root), [false, false, false]);
	t.deepEqual(holds(renewed.root), [true, true, true]);
	t.true(readFileSync(files[0] ?? '', 'utf8').includes(company.authority.root.toString()));
	t.deepEqual(
		(await trustVariables(directory, {SSL_CERT_FILE: company.caFile})).variables,
		variables,
	);
	t.deepEqual(holds(renewed.root), [true, true, true]);

	await refreshDerived(
		directory,
		({fingerprint256}) => fingerprint256 === renewed.root.fingerprint256,
	);
	t.deepEqual(holds(renewed.root), [false, false, false]);
	t.true(readFileSync(files[0] ?? '', 'utf8').includes(company.authority.root.toString()));
	await t.throwsAsync(openPkcs12(java), {message: /no private key/}, 'still a whole file');
});

test('a replaced root does not come back by a bundle of before', async t => {
	const {directory, authority, caFile} = await newStore(t);
	const old = join(temporaryDirectory(t), 'old.pem');
	const {variables: before} = await trustVariables(directory, {});
	const {writeFileSync} = await import('node:fs');
	writeFileSync(old, readFileSync(before.SSL_CERT_FILE ?? ''));
	t.true(readFileSync(old, 'utf8').includes(readFileSync(caFile, 'utf8')));
	await renewAuthority(directory, []);
	const {variables} = await trustVariables(directory, {SSL_CERT_FILE: old});
	t.false(readFileSync(variables.SSL_CERT_FILE ?? '', 'utf8').includes(authority.root.toString()));
});

test('a store without such files gets none', async t => {
	const {directory} = await newStore(t);
	const before = readdirSync(directory);
	await refreshDerived(directory, () => true);
	t.deepEqual(readdirSync(directory), before);
	await t.notThrowsAsync(refreshDerived(join(directory, 'missing'), () => true));
});
