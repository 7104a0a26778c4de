import {createPrivateKey} from 'node:crypto';
import {
	chmodSync,
	existsSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {modeOf, newStore, refusesStore} from '../../helpers/stores.js';

const day = 86_400_000;

test('a store is loaded again as it was made', async t => {
	const {directory, file, authority, caFile, warnings} = await newStore(t);
	const content = readFileSync(file, 'utf8');
	const again = await openAuthority(directory);
	t.is(again.authority.root.fingerprint256, authority.root.fingerprint256);
	t.is(readFileSync(file, 'utf8'), content);
	t.is(readFileSync(caFile, 'utf8'), authority.root.toString());
	t.deepEqual(warnings, []);
});

test('the store holds one private key, and it is the issuing one', async t => {
	const {directory, authority} = await newStore(t);
	const keys = readdirSync(directory).flatMap(name =>
		Array.from(
			readFileSync(join(directory, name), 'utf8').matchAll(
				/-----BEGIN.*PRIVATE KEY[\s\S]*?PRIVATE KEY-----/g,
			),
			([pem]) => createPrivateKey(pem),
		),
	);
	t.is(keys.length, 1);
	t.true(keys.every(key => authority.issuing.checkPrivateKey(key)));
	t.false(keys.some(key => authority.root.checkPrivateKey(key)));
});

test('ca.pem is derived: missing or changed, it is written anew', async t => {
	const {directory, caFile, authority} = await newStore(t);
	for (const spoil of [
		() => rmSync(caFile),
		() => writeFileSync(caFile, 'old'),
		() => truncateSync(caFile),
	]) {
		spoil();
		await openAuthority(directory);
		t.is(readFileSync(caFile, 'utf8'), authority.root.toString());
		t.is(modeOf(caFile), 0o600);
	}
});

test('authority.pem missing while ca.pem is there: refused while clients may trust it', async t => {
	const {directory, file, caFile, authority} = await newStore(t);
	rmSync(file);
	const {hint} = await refusesStore(t, directory, /authority\.pem is missing/);
	t.regex(hint ?? '', /put authority\.pem back, or run sealport trust --renew/);
	writeFileSync(caFile, 'damaged');
	await refusesStore(t, directory, /authority\.pem is missing/);

	writeFileSync(caFile, authority.root.toString());
	const later = await openAuthority(directory, Date.now() + 3700 * day);
	t.not(later.authority.root.fingerprint256, authority.root.fingerprint256);
});

test('an expired authority, and one of the future, are refused', async t => {
	const {directory} = await newStore(t);
	const {hint} = await refusesStore(t, directory, /it expired on/, Date.now() + 3651 * day);
	t.regex(hint ?? '', /run sealport trust --certs \S+: it makes a new authority/);
	const early = await refusesStore(t, directory, /valid only from/, Date.now() - 3 * day);
	t.regex(early.hint ?? '', /^set the clock; if it is right, .*sealport trust --renew --certs/);
});

test('modes that others could use are taken back, with a warning for the key', async t => {
	const {directory, file, caFile} = await newStore(t);
	chmodSync(file, 0o644);
	chmodSync(caFile, 0o666);
	chmodSync(directory, 0o755);
	const {warnings} = await openAuthority(directory);
	t.is(modeOf(file), 0o600);
	t.is(modeOf(caFile), 0o600);
	t.is(modeOf(directory), 0o700);
	t.is(warnings.length, 1);
	t.regex(warnings[0] ?? '', /authority\.pem could be read by other users \(mode 0644\)/);
	t.deepEqual((await openAuthority(directory)).warnings, []);
});

for (const name of ['authority.pem', 'ca.pem']) {
	for (const target of ['the real file', 'nothing']) {
		test(`a symbolic link to ${target} in place of ${name} is refused`, async t => {
			const {directory} = await newStore(t);
			const elsewhere = join(directory, '..', 'elsewhere.pem');
			renameSync(join(directory, name), elsewhere);
			const content = readFileSync(elsewhere, 'utf8');
			if (target === 'nothing') {
				rmSync(elsewhere);
			}
			symlinkSync(elsewhere, join(directory, name));
			const {message} = await refusesStore(t, directory, /it is a symbolic link/);
			t.true(message.includes(join(directory, name)));
			t.is(
				existsSync(elsewhere) ? readFileSync(elsewhere, 'utf8') : '',
				target === 'nothing' ? '' : content,
			);
		});
	}
}

test('stray temporary files go, those of a living process stay for a minute', async t => {
	const {directory} = await newStore(t);
	const make = (pid: number, age: number): string => {
		const name = `.sealport-${pid}-${'0'.repeat(15)}${age % 10}.tmp`;
		writeFileSync(join(directory, name), '');
		const time = (Date.now() - age * 1000) / 1000;
		utimesSync(join(directory, name), time, time);
		return name;
	};
	// No process has this number: it lies beyond the largest that Linux and macOS give.
	const dead = make(2 ** 22 + 5, 0);
	const own = make(process.pid, 1);
	const parent = make(process.ppid, 2);
	const old = make(process.ppid, 63);
	await openAuthority(directory);
	const left = readdirSync(directory);
	t.false([dead, own, old].some(name => left.includes(name)));
	t.true(left.includes(parent));
});
