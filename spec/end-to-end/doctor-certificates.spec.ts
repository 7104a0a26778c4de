import {generateKeyPairSync} from 'node:crypto';
import {readFileSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {issue, toPem} from '../../lib/pki/certificate.js';
import {loadDer} from '../../lib/pki/der.js';
import {parseName} from '../../lib/pki/names.js';
import {patient} from '../helpers/doctor.js';
import {makeOwn} from '../helpers/making.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/** A certificate for localhost that signs itself, and its key, in PEM files. */
async function certificateFor(directory: string, notBefore: Date, notAfter: Date) {
	const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
	const names = [parseName('localhost')];
	const profile = {purposes: ['serverAuth'], names} as const;
	const subject = {organization: 'Sealport', commonName: 'localhost'};
	const der = await loadDer();
	const raw = issue(
		der,
		{subject, publicKey, notBefore, notAfter, profile},
		{key: privateKey, certificate: undefined},
	);
	const [cert, key] = [join(directory, 'own.pem'), join(directory, 'own.key')];
	writeFileSync(cert, toPem(raw));
	writeFileSync(key, privateKey.export({type: 'pkcs8', format: 'pem'}));
	return {cert, key};
}

for (const [what, content] of [
	['emptied', ''],
	['cut', undefined],
] as const) {
	test(`an authority whose file was ${what}`, async t => {
		const it = await patient(t);
		const file = join(it.directory, 'authority.pem');
		writeFileSync(file, content ?? readFileSync(file).subarray(0, 700), {mode: 0o600});
		const {code, of} = await it.examine();
		t.is(code, 1);
		t.is(of('certificate')[0]?.verdict, 'failed');
		t.regex(of('certificate')[0]?.detail ?? '', /authority\.pem: it is truncated/);
		t.is(of('authority').length, 0, 'it is said once');
		t.is(of('node').length, 0, 'no client was tried');
	});
}

test('a ca.pem that is not of the authority beside it', async t => {
	const [it, other] = [await patient(t), await patient(t)];
	writeFileSync(join(it.directory, 'ca.pem'), readFileSync(join(other.directory, 'ca.pem')));
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.regex(of('authority').at(-1)?.detail ?? '', /ca\.pem is missing, or not the root/);
});

test('an own certificate that has expired, or is not valid yet', async t => {
	const it = await patient(t);
	const on = (days: number) => new Date(Math.floor(Date.now() / 1000 + days * 86_400) * 1000);
	const expired = await certificateFor(temporaryDirectory(t), on(-90), on(-1));
	const past = await it.examine(['--cert', expired.cert, '--key', expired.key]);
	t.is(past.code, 1);
	t.is(past.of('certificate')[0]?.verdict, 'failed');
	t.regex(past.of('certificate')[0]?.detail ?? '', /own\.pem expired on /);
	t.regex(past.of('certificate')[0]?.hint ?? '', /renew it/);
	t.is(past.of('node').length, 0, 'no client would accept it');
	const early = await certificateFor(temporaryDirectory(t), on(1), on(90));
	const future = await it.examine(['--cert', early.cert, '--key', early.key]);
	t.is(future.code, 1);
	t.regex(future.of('certificate')[0]?.detail ?? '', /valid only from /);
	t.regex(future.of('certificate')[0]?.hint ?? '', /set the clock/);
});

test('an own certificate is what clients are shown, and no trust command is named for it', async t => {
	const it = await patient(t);
	const {cert, key} = await makeOwn(temporaryDirectory(t), 'ec', 'own', 'DNS:localhost');
	const {code, of} = await it.examine(['--cert', cert, '--key', key]);
	t.is(code, 1);
	t.is(of('node')[0]?.verdict, 'failed');
	t.regex(of('node')[0]?.detail ?? '', /self.signed/);
	t.notRegex(of('node')[0]?.hint ?? '', /sealport/);
});

test('a clock that is behind', async t => {
	const it = await patient(t);
	const later = Date.now() / 1000 + 3 * 86_400;
	utimesSync(join(it.directory, 'ca.pem'), later, later);
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.is(of('clock')[0]?.verdict, 'failed');
	t.regex(of('clock')[0]?.detail ?? '', /ca\.pem/);
	t.is(of('clock')[0]?.hint, 'set the clock of this machine');
});
