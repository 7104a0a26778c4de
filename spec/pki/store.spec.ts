import {execFileSync} from 'node:child_process';
import {createPrivateKey, generateKeyPairSync} from 'node:crypto';
import {
	appendFileSync,
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
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
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../lib/errors.js';
import {openAuthority} from '../../lib/pki/store.js';
import {temporaryDirectory} from '../helpers/directories.js';
import {needs} from '../helpers/programs.js';

const day = 86_400_000;
const modeOf = (file: string) => lstatSync(file).mode & 0o7777;

async function newStore(t: ExecutionContext) {
	const directory = join(temporaryDirectory(t), 'store');
	const opened = await openAuthority(directory);
	return {directory, file: join(directory, 'authority.pem'), ...opened};
}

async function refuses(
	t: ExecutionContext,
	directory: string,
	message: RegExp,
	now?: number,
): Promise<UserError> {
	const before = snapshot(directory);
	const error = await t.throwsAsync(openAuthority(directory, now), {instanceOf: UserError});
	t.is(error?.code, 'store-unusable');
	t.regex(error?.message ?? '', message);
	t.truthy(error?.hint);
	t.notRegex(`${error?.message}${error?.hint}`, /BEGIN|[A-Za-z\d+/]{60}/, 'no key material');
	t.deepEqual(snapshot(directory), before, 'nothing was changed');
	return error as UserError;
}

function snapshot(directory: string) {
	return readdirSync(directory)
		.sort()
		.map(name => {
			const path = join(directory, name);
			return [name, lstatSync(path).isFile() ? readFileSync(path, 'latin1') : 'not a file'];
		});
}

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

for (const [what, spoil, message] of [
	['empty', (file: string) => truncateSync(file), /authority\.pem: it is truncated/],
	['cut in the middle', (file: string) => truncateSync(file, 1200), /truncated/],
	['garbage', (file: string) => writeFileSync(file, Buffer.alloc(3000, 7)), /truncated, or not/],
	['huge', (file: string) => appendFileSync(file, 'x'.repeat(100_000)), /far too many/],
	[
		'broken inside a block',
		(file: string) =>
			writeFileSync(file, readFileSync(file, 'utf8').replace(/^M.{9}/m, 'MAAAAAAAAA')),
		/damaged/,
	],
	[
		'with the key of another',
		(file: string) => {
			const {privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
			const pem = privateKey.export({type: 'pkcs8', format: 'pem'}).toString();
			const rest = readFileSync(file, 'utf8').replace(
				/^[\s\S]*?PRIVATE KEY-----\n[\s\S]*?PRIVATE KEY-----\n/,
				'',
			);
			writeFileSync(file, pem + rest);
		},
		/its key does not belong/,
	],
	[
		'a directory',
		(file: string) => {
			rmSync(file);
			mkdirSync(file);
		},
		/not a plain file/,
	],
] as const) {
	test(`authority.pem ${what}: refused, never a silently new authority`, async t => {
		const {directory, file} = await newStore(t);
		spoil(file);
		const {message: text} = await refuses(t, directory, message);
		t.true(text.includes(file));
	});
}

test('authority.pem with the root of another authority is refused', async t => {
	const {directory, file} = await newStore(t);
	const other = await newStore(t);
	const [key, issuing] = readFileSync(file, 'utf8').split(/(?<=-----END [A-Z ]+-----\n)/);
	writeFileSync(file, `${key}${issuing}${other.authority.root}`);
	await refuses(t, directory, /do not belong together/);
});

needs('mkfifo')('a named pipe in place of authority.pem is refused at once', async t => {
	const {directory, file} = await newStore(t);
	rmSync(file);
	execFileSync('mkfifo', ['-m', '600', file]);
	await refuses(t, directory, /not a plain file/);
});

test('authority.pem missing while ca.pem is there: refused while clients may trust it', async t => {
	const {directory, file, caFile, authority} = await newStore(t);
	rmSync(file);
	const {hint} = await refuses(t, directory, /authority\.pem is missing/);
	t.regex(hint ?? '', /put authority\.pem back, or delete ca\.pem/);
	writeFileSync(caFile, 'damaged');
	await refuses(t, directory, /authority\.pem is missing/);

	writeFileSync(caFile, authority.root.toString());
	const later = await openAuthority(directory, Date.now() + 3700 * day);
	t.not(later.authority.root.fingerprint256, authority.root.fingerprint256);
});

test('an expired authority, and one of the future, are refused', async t => {
	const {directory} = await newStore(t);
	const {hint} = await refuses(t, directory, /it expired on/, Date.now() + 3651 * day);
	t.regex(hint ?? '', /delete authority\.pem and ca\.pem/);
	const early = await refuses(t, directory, /valid only from/, Date.now() - 3 * day);
	t.is(early.hint, 'set the clock of this machine');
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
			const {message} = await refuses(t, directory, /it is a symbolic link/);
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
