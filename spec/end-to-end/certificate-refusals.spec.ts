import {
	chmodSync,
	chownSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {noOwnMachine, ownMachine} from '../helpers/own-machine.js';
import {needs, unless} from '../helpers/programs.js';
import {modeOf} from '../helpers/stores.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const test = needs();

/** Runs it into a directory, and asserts that it says why not, and what to do. */
async function refuses(
	t: ExecutionContext,
	code: 1 | 2,
	directory: string,
	args: readonly string[],
	...telling: readonly RegExp[]
): Promise<void> {
	const sealport = runSealport(t, home, ['cert', ...args, '--out', directory]);
	t.is(await sealport.ended, code, sealport.stderr);
	t.is(sealport.stdout, '');
	t.regex(sealport.stderr, /^error: [^\n]+\nhint: [^\n]+\n$/);
	for (const text of telling) {
		t.regex(sealport.stderr, text);
	}
}

for (const [args, ...telling] of [
	[['example.com'], /"example\.com"/, /hint: .*sealport trust --domain example\.com/],
	[['localhost', '8.8.8.8'], /"8\.8\.8\.8"/, /hint: have a public authority/],
	[['*.test'], /"\*\.test"/],
	[['a b'], /"a b"/],
	[['--client', 'jane.doe'], /"jane\.doe"/, /hint: .*jane\.doe@localhost/],
	[['--client', ''], /client: .*""/],
	[['--client', 'alice', 'app.test'], /"app\.test" beside --client/],
	[['--key-type', 'dsa'], /key-type: expected ec or rsa, got "dsa"/],
	[['--days', '0'], /days: expected 1 to 825, got "0"/],
	[['--days', '826'], /days: .*"826"/],
	[['--days', '1e2'], /days: .*"1e2"/],
	[['--p12'], /passphrase/, /hint: .*SEALPORT_PASSPHRASE/],
	[['--p12', '--passphrase', ''], /passphrase/],
	[['--legacy'], /--p12/],
	[['--key', 'x'], /unknown flag --key/],
] as const) {
	test(`exit 2, and nothing written: sealport cert ${args.join(' ')}`, async t => {
		const directory = join(temporaryDirectory(t), 'out');
		await refuses(t, 2, directory, args, ...telling);
		t.false(existsSync(directory));
	});
}

test('a file that is there stays as it is, and its companion is not written', async t => {
	for (const [taken, other] of [
		['localhost.pem', 'localhost-key.pem'],
		['localhost-key.pem', 'localhost.pem'],
	] as const) {
		const directory = temporaryDirectory(t);
		writeFileSync(join(directory, taken), 'mine');
		await refuses(t, 1, directory, [], new RegExp(`${taken} is there`), /hint: .*--force/);
		t.deepEqual(readdirSync(directory), [taken], other);
		t.is(readFileSync(join(directory, taken), 'utf8'), 'mine');
	}
});

test('--force overwrites both, and takes back a mode that is too wide', async t => {
	const directory = temporaryDirectory(t);
	const [cert, key] = [join(directory, 'localhost.pem'), join(directory, 'localhost-key.pem')];
	writeFileSync(cert, 'old', {mode: 0o600});
	writeFileSync(key, 'old', {mode: 0o666});
	const sealport = runSealport(t, home, ['cert', '--force', '--out', directory]);
	t.is(await sealport.ended, 0, sealport.stderr);
	t.regex(readFileSync(cert, 'utf8'), /BEGIN CERTIFICATE/);
	t.regex(readFileSync(key, 'utf8'), /BEGIN PRIVATE KEY/);
	t.deepEqual([modeOf(cert), modeOf(key)], [0o644, 0o600]);
	t.is(readdirSync(directory).length, 2, 'nothing is left over');
});

test('a link in the place of a file is not followed, not even by force', async t => {
	const directory = temporaryDirectory(t);
	const victim = join(directory, 'victim');
	writeFileSync(victim, 'precious');
	symlinkSync(victim, join(directory, 'localhost-key.pem'));
	await refuses(t, 1, directory, [], /localhost-key\.pem is there/);
	await refuses(t, 1, directory, ['--force'], /localhost-key\.pem is there.*no plain file/);
	t.is(readFileSync(victim, 'utf8'), 'precious');
	t.deepEqual(readdirSync(directory).sort(), ['localhost-key.pem', 'victim']);
});

test('a directory that is none', async t => {
	const file = join(temporaryDirectory(t), 'file');
	writeFileSync(file, '');
	await refuses(
		t,
		1,
		file,
		[],
		/cannot write localhost\.pem and localhost-key\.pem/,
		/hint: .*--out/,
	);
	await refuses(t, 1, join(file, 'below'), [], /not a directory/, /hint: .*--out/);
});

unless(process.getuid?.() === 0 && 'root may write everywhere', false)(
	'a directory that may not be written to',
	async t => {
		const directory = temporaryDirectory(t);
		chmodSync(directory, 0o500);
		await refuses(t, 1, directory, [], /permission denied \(EACCES\)/, /hint: .*--out/);
		t.deepEqual(readdirSync(directory), []);
	},
);

unless(noOwnMachine)('under sudo the files belong to the person, not to root', async t => {
	const machine = await ownMachine(t);
	const place = temporaryDirectory(t);
	chmodSync(place, 0o755);
	const person = join(place, 'person');
	mkdirSync(person);
	chownSync(person, 4321, 4321);
	const users = join(machine.home, 'passwd');
	writeFileSync(users, `root:x:0:0::/root:/bin/sh\nperson:x:4321:4321::${person}:/bin/sh\n`);
	await machine.run('mount', ['--bind', users, '/etc/passwd']);
	const env = {SUDO_UID: '4321', SUDO_GID: '4321'};
	const out = join(person, 'out');
	const {code, stderr} = await machine.sealport(['cert', '--out', out], env);
	t.is(code, 0, stderr);
	for (const name of ['.', 'localhost.pem', 'localhost-key.pem']) {
		t.is(lstatSync(join(out, name)).uid, 4321, name);
	}
	const elsewhere = await machine.sealport(['cert', '--out', place], env);
	t.is(elsewhere.code, 1, 'where the person may not write, sudo does not help');
	t.regex(elsewhere.stderr, /^error: cannot write .* permission denied \(EACCES\)\nhint: .*--out/);
	t.deepEqual(readdirSync(place), ['person']);
});
