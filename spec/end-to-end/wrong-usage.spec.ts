import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/** Each line of errors names what failed; nothing goes to stdout, and nothing looks like a crash. */
const refused = test.macro({
	title: (_, code: number, args: readonly string[]) => `exit ${code}: sealport ${args.join(' ')}`,
	async exec(t, code: 1 | 2, args: readonly string[], ...telling: readonly RegExp[]) {
		const run = runSealport(t, home, args);
		t.is(await run.ended, code, run.stderr);
		t.is(run.stdout, '');
		t.regex(run.stderr, /^error: [^\n]+\nhint: [^\n]+\n$/);
		t.notRegex(run.stderr, /^error: [A-Z]|\.\n/m);
		for (const text of telling) {
			t.regex(run.stderr, text);
		}
	},
});

test(refused, 2, ['80800'], /backend: .*1 to 65535, got "80800"/);
test(refused, 2, ['--', '80800'], /backend: .*got "80800"/);
test(refused, 2, ['3000', '--', '4000'], /"4000"/);
test(refused, 2, ['--', '--json'], /"--json"/);
test(refused, 2, ['cert', '--', 'example.com'], /"example\.com"/);
test(refused, 2, ['trust', '--', 'x'], /"x"/);
test(refused, 2, ['frontend'], /backend: .*"frontend"/, /hint: .*unix:/);
test(refused, 2, ['dmeo'], /"dmeo"/, /hint: did you mean sealport demo/);
test(refused, 2, ['https://localhost:3000'], /plaintext.*"https:\/\/localhost:3000"/);
test(refused, 2, ['3000', '4000'], /"4000"/);
test(refused, 2, ['demo', '3000'], /"3000"/);
test(refused, 2, ['3000', '--prot', '1'], /--prot/, /hint: did you mean --port\?/);
test(
	refused,
	2,
	['demo', '--source', '1'],
	/--source/,
	/sealport 3000; see sealport demo --help$/m,
);
test(
	refused,
	2,
	['untrust', '--renew'],
	/--renew/,
	/it belongs to sealport trust; see sealport untrust --help$/m,
);
test(
	refused,
	2,
	['untrust', '--stroe', 'nss'],
	/did you mean --store\? see sealport untrust --help$/m,
);
test(
	refused,
	2,
	['env', 'npm', 'test'],
	/"npm"/,
	/hint: put -- before .* sealport env -- npm test$/m,
);
test(
	refused,
	2,
	['trust', '3000'],
	/hint: sealport trust takes no arguments; see sealport trust --help$/m,
);
test(refused, 2, ['completion', 'tcsh'], /shell: expected bash, .*got "tcsh"/);
test(
	refused,
	2,
	['doctor', '1', '2'],
	/hint: sealport doctor takes one backend; see sealport doctor --help$/m,
);
test(refused, 2, ['cert', '--days', 'abc'], /days: .*"abc"/, /hint: give a number of days/);
test(refused, 2, ['cert', '--days', '900'], /days: .*"900"/, /hint: Apple/);
test(refused, 2, ['3000', '-x'], /-x/);
test(refused, 2, ['3000', '--port', '99999'], /port: .*0 to 65535, got "99999"/, /hint: 0 takes/);
test(refused, 2, ['3000', '--port', '3000'], /backend: .*3000.*itself/, /hint: .*--port/);
test(refused, 2, ['62893'], /backend: .*62893.*itself/, /hint: .*--port/);
test(refused, 2, ['3000', '--host', 'fe80::1%lo'], /host: .*"fe80::1%lo"/);
test(refused, 2, ['3000', '--port'], /port: expected a value/);
test(refused, 2, ['3000', '--port='], /port: .*got ""/);
test(refused, 2, ['3000', '--name'], /name: expected a value/);
test(refused, 2, ['3000', '--json=yes'], /json: .*"yes"/);
test(refused, 2, ['3000', '--no-port'], /--no-port/);
test(refused, 2, ['3000', '--wait', 'long'], /wait: .*"long"/);
test(refused, 2, ['3000', '--wait', '-1'], /wait: .*"-1"/);
test(refused, 2, ['3000', '--wait', '99999'], /wait: .*86400, got 99999/);
test(refused, 2, ['3000', '--host', 'example.com'], /host: .*"example.com"/, /hint: .*--name/);
test(refused, 2, ['3000', '--name', 'a b'], /name: .*"a b"/);
test(refused, 2, ['3000', '--name', 'example.com'], /"example.com"/, /hint: .*--cert/);
test(refused, 2, ['3000', '--target', '1'], /two backends: "3000"/);
test(refused, 2, ['-t', '1', '-s', '2', '-p', '3'], /two ports: --port 3 and --source 2/);
test(refused, 2, ['--target', 'x'], /target: .*"x"/);
test(refused, 1, ['--config', 'missing.json'], /config: .*missing\.json/);
test(
	refused,
	1,
	['3000', '--port=0', '--host=203.0.113.77', '--expose=anyone', '--self-signed'],
	/203\.0\.113\.77/,
	/--host/,
);
test(refused, 1, ['3000', '--certs', 'a-file/below'], /a-file/, /hint: .*--certs/);

test.before(() => writeFile(join(home, 'a-file'), 'not a directory'));

test('an error escapes what a terminal would obey, and keeps to its line', async t => {
	const run = runSealport(t, home, ['--config', '\u001b[2J\nx', '--json']);
	t.is(await run.ended, 1);
	t.notRegex(run.stderr, /\u001b/);
	t.is(run.stderr.split('\n').length, 3);
});

test('the stack is shown with --verbose, and with nothing else', async t => {
	const verbose = runSealport(t, home, ['80800', '--verbose']);
	t.is(await verbose.ended, 2);
	t.regex(verbose.stderr, /^ +at /m);
	const byEnvironment = runSealport(t, home, ['80800'], {SEALPORT_VERBOSE: 'true'});
	t.is(await byEnvironment.ended, 2);
	t.regex(byEnvironment.stderr, /^ +at /m);
});

test('messages do not change with the language of the machine', async t => {
	const run = runSealport(t, home, ['3000', '--prot', '1'], {LC_ALL: 'de_DE.UTF-8', LANG: 'de'});
	t.is(await run.ended, 2);
	t.regex(run.stderr, /unknown flag --prot/);
	const help = runSealport(t, home, ['--help'], {LC_ALL: 'de_DE.UTF-8', LANG: 'de'});
	t.is(await help.ended, 0);
	t.regex(help.stdout, /^Examples:$/m);
});

unless(process.getuid?.() === 0 && 'root may write everywhere', false)(
	'a directory for certificates that may not be written to',
	async t => {
		const locked = join(temporaryDirectory(t), 'locked');
		await mkdir(locked);
		await chmod(locked, 0o500);
		const certs = join(locked, 'certs');
		const run = runSealport(t, home, ['3000', '--port', '0', '--certs', certs]);
		t.is(await run.ended, 1);
		t.is(run.stdout, '');
		t.true(run.stderr.includes(locked), run.stderr);
		t.regex(run.stderr, /^hint: .*--certs/m);
		t.deepEqual(await readdir(locked), []);
	},
);

test('a value from the environment is told by the name of its variable', async t => {
	const run = runSealport(t, home, ['3000'], {SEALPORT_PORT: 'abc'});
	t.is(await run.ended, 2);
	t.regex(run.stderr, /^error: SEALPORT_PORT: .*got "abc"\nhint: /);
	const given = runSealport(t, home, ['3000', '-p', 'x'], {SEALPORT_PORT: 'abc'});
	t.is(await given.ended, 2);
	t.regex(given.stderr, /^error: port: .*got "x"\nhint: /);
});
