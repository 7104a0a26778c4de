import {existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {renewAuthority} from '../../../lib/pki/store/renew-authority.js';
import {peekAuthority, storedRoots} from '../../../lib/pki/store/stored-roots.js';
import {modeOf, newStore} from '../../helpers/stores.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const retired = (directory: string) => readdirSync(directory).filter(name => /^retired/.test(name));

test('a renewed authority is another one, and the old root is remembered', async t => {
	const {directory, authority} = await newStore(t);
	const renewed = await renewAuthority(directory, ['example.com']);
	t.not(renewed.authority.root.fingerprint256, authority.root.fingerprint256);
	t.is(readFileSync(renewed.caFile, 'utf8'), renewed.authority.root.toString());
	const roots = storedRoots(directory);
	t.deepEqual(
		roots.map(({certificate}) => certificate.fingerprint256),
		[renewed.authority.root.fingerprint256, authority.root.fingerprint256],
	);
	t.is(roots[0]?.file, renewed.caFile);
	t.is(readFileSync(roots[1]?.file ?? '', 'utf8'), authority.root.toString());
	t.is(modeOf(roots[1]?.file ?? ''), 0o600);

	const opened = await openAuthority(directory);
	t.is(opened.authority.root.fingerprint256, renewed.authority.root.fingerprint256);
	t.true(opened.authority.constraints.dns.includes('example.com'));
	t.true(opened.authority.constraints.dns.includes('localhost'));
	t.deepEqual(opened.authority.constraints.ip, authority.constraints.ip);
	t.is(retired(directory).length, 1);
});

for (const [state, spoil] of [
	['with authority.pem truncated', (file: string) => truncateSync(file, 1200)],
	['with authority.pem emptied', (file: string) => truncateSync(file)],
	['with authority.pem missing', (file: string) => rmSync(file)],
	['with authority.pem overwritten', (file: string) => writeFileSync(file, 'x')],
] as const) {
	test(`a store ${state} is renewed, and the old root is remembered by ca.pem`, async t => {
		const {directory, file, authority} = await newStore(t);
		spoil(file);
		await renewAuthority(directory, []);
		const [, old] = storedRoots(directory);
		t.is(old?.certificate.fingerprint256, authority.root.fingerprint256);
		await t.notThrowsAsync(openAuthority(directory));
	});
}

test('a store without ca.pem is renewed, and the old root is remembered by authority.pem', async t => {
	const {directory, caFile, authority} = await newStore(t);
	rmSync(caFile);
	await renewAuthority(directory, []);
	const [, old] = storedRoots(directory);
	t.is(old?.certificate.fingerprint256, authority.root.fingerprint256);
});

test('a ca.pem of another authority is remembered before it is written anew', async t => {
	const {directory, caFile, authority} = await newStore(t);
	const other = await newStore(t);
	writeFileSync(caFile, other.authority.root.toString());
	await openAuthority(directory);
	t.is(readFileSync(caFile, 'utf8'), authority.root.toString());
	const [, old] = storedRoots(directory);
	t.is(old?.certificate.fingerprint256, other.authority.root.fingerprint256);
});

test('looking at a store that is not there makes nothing', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	t.is(await peekAuthority(directory), undefined);
	t.deepEqual(storedRoots(directory), []);
	t.false(existsSync(directory));
});
