import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {runSealport, sealportProgram, spawnProgram} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {noOwnMachine, ownMachine} from '../helpers/own-machine.js';
import {pathOf, unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const original = '127.0.0.1 localhost\r\n10.0.0.1 db';
const lines = '127.0.0.1 app.test # sealport\n::1 app.test # sealport\n';

/** A file in a directory of its own, and `sealport hosts` with it. */
function withFile(t: ExecutionContext) {
	const file = join(temporaryDirectory(t), 'hosts');
	writeFileSync(file, original);
	return {
		file,
		read: () => readFileSync(file, 'utf8'),
		async hosts(args: readonly string[], code = 0) {
			const run = runSealport(t, home, ['hosts', ...args, '--file', file]);
			t.is(await run.ended, code, run.stderr);
			return {stdout: run.stdout, stderr: run.stderr};
		},
	};
}

test('names are added, shown and taken out, and the rest of the file stays as it was', async t => {
	const {hosts, read} = withFile(t);
	t.is((await hosts([])).stdout, '');
	t.is((await hosts(['add', 'App.Test.'])).stdout, lines);
	t.is(read(), `${original}\r\n${lines.trimEnd().replace('\n', '\r\n')}`);
	t.is((await hosts([])).stdout, lines);
	const again = await hosts(['add', 'app.test']);
	t.is(again.stdout, '');
	t.regex(again.stderr, /nothing to add/);
	t.is((await hosts(['remove', 'other.test'])).stdout, '');
	t.is((await hosts(['remove'])).stdout, lines);
	t.is(read(), original);
});

test('--dry-run changes nothing and says what it would do', async t => {
	const {hosts, read} = withFile(t);
	const {stdout, stderr} = await hosts(['add', 'app.test', '--dry-run']);
	t.is(stdout, lines);
	t.regex(stderr, /nothing was changed/);
	t.is(read(), original);
});

test('--json: one object on stdout', async t => {
	const {hosts, file} = withFile(t);
	const added = JSON.parse((await hosts(['add', 'app.test', '--json'])).stdout);
	t.deepEqual(added, {event: 'hosts', file, added: lines.trim().split('\n'), dryRun: false});
	const shown = JSON.parse((await hosts(['--json'])).stdout);
	t.deepEqual(shown, {event: 'hosts', file, names: ['app.test']});
});

for (const [args, ...telling] of [
	[['add'], /no names/, /hint: .*sealport hosts add app\.test/],
	[['add', 'example.com'], /may not vouch for "example\.com"/, /hint: .*--domain example\.com/],
	[['add', '127.0.0.1'], /"127\.0\.0\.1" needs no line/],
	[['add', 'localhost'], /"localhost" needs no line/],
	[['add', 'a b'], /a b/],
	[['remove', '-x'], /-x/],
	[['app.test'], /add or remove, got "app\.test"/, /hint: .*sealport hosts add app\.test/],
] as ReadonlyArray<readonly [readonly string[], ...RegExp[]]>) {
	test(`exit 2, and nothing is written: sealport hosts ${args.join(' ')}`, async t => {
		const {hosts, read} = withFile(t);
		const {stdout, stderr} = await hosts(args, 2);
		t.is(stdout, '');
		t.regex(stderr, /^error: [^\n]+\nhint: [^\n]+\n$/);
		for (const text of telling) {
			t.regex(stderr, text);
		}
		t.is(read(), original);
	});
}

unless(process.platform === 'win32' && 'Windows has no sudo', false)(
	'where the file may not be written, the command for root is there to be copied',
	async t => {
		const {file, read} = withFile(t);
		chmodSync(join(file, '..'), 0o555);
		chmodSync(file, 0o444);
		const isRoot = process.getuid?.() === 0 && pathOf('setpriv') !== undefined;
		const program = isRoot ? ['setpriv', '--reuid=4321', '--regid=4321', '--clear-groups'] : [];
		const [first = '', ...rest] = [
			...program,
			...[process.execPath, sealportProgram, 'hosts', 'add', 'app.test', '--file', file],
		];
		const ownHome = temporaryDirectory(t);
		chmodSync(ownHome, 0o777);
		const run = spawnProgram(t, ownHome, first, rest);
		t.is(await run.ended, 1);
		chmodSync(join(file, '..'), 0o755);
		const command = `sudo ${process.execPath} ${sealportProgram} hosts add app.test --file ${file}`;
		t.is(run.stderr, `error: cannot write ${file}: permission denied (EACCES)\nhint: ${command}\n`);
		t.is(read(), original);
	},
);

unless(noOwnMachine)('a hosts file that is mounted is written in place, and works', async t => {
	const machine = await ownMachine(t, ['10.0.0.1 db']);
	const before = (await machine.run('cat', ['/etc/hosts'])).stdout;
	const {code, stderr} = await machine.sealport(['hosts', 'add', 'app.test']);
	t.is(code, 0, stderr);
	t.is((await machine.run('cat', ['/etc/hosts'])).stdout, before + lines);
	const {stdout} = await machine.run('getent', ['ahosts', 'app.test']);
	t.regex(stdout, /^127\.0\.0\.1 /m);
	t.is((await machine.sealport(['hosts', 'remove'])).code, 0);
	t.is((await machine.run('cat', ['/etc/hosts'])).stdout, before);
});
