import test from 'ava';
import {runProgram} from '../../../lib/pki/trust/run-program.js';
import {unless} from '../../helpers/programs.js';
import {run} from '../../helpers/run.js';

const posix = unless(process.platform === 'win32' && 'there is no POSIX shell', false);

posix('a program has no input, no terminal, and only the variables that it needs', async t => {
	process.env.LD_LIBRARY_PATH = '/tmp';
	process.env.NSS_DEFAULT_DB_TYPE = 'dbm';
	process.env.OPENSSL_CONF = '/tmp/openssl.cnf';
	const {code, stdout} = await runProgram('/bin/sh', ['-c', 'cat; env']);
	t.is(code, 0);
	const names = stdout.split('\n').flatMap(line => line.split('=')[0] || []);
	t.deepEqual(
		names.filter(
			name =>
				!['HOME', 'PATH', 'LC_ALL', 'PWD', 'OLDPWD', 'SHLVL', '_', 'TEMP', 'TMP'].includes(name),
		),
		[],
	);
	t.true(stdout.includes('PATH=/usr/sbin:/usr/bin:/sbin:/bin\n'));
});

posix('arguments are passed as they are', async t => {
	const {stdout} = await runProgram('/bin/echo', ['$HOME', 'a  b', '*', "'"]);
	t.is(stdout, "$HOME a  b * '\n");
});

posix('how it ended is told: by code, by a signal, not at all', async t => {
	const failed = await runProgram('/bin/sh', ['-c', 'echo out; echo err >&2; exit 7']);
	t.deepEqual(failed, {code: 7, stdout: 'out\n', stderr: 'err\n'});
	t.is((await runProgram('/bin/sh', ['-c', 'kill -9 $$'])).code, null);
	const missing = await runProgram('/nowhere/tool', []);
	t.is(missing.code, null);
	t.regex(missing.stderr, /ENOENT/);
});

posix('one that must not take long is asked to end, and ended when it does not', async t => {
	// Asked before it has set its trap, on a busy machine, it ends as well.
	const script = (trap: string) => `trap '${trap}' TERM; while :; do sleep 0.1; done`;
	const ends = async (trap: string) => {
		const {code, stderr} = await runProgram('/bin/sh', ['-c', script(trap)], 'person', 1000);
		t.is(code, null);
		t.is(stderr, 'it took longer than 1 seconds');
	};
	await Promise.all([ends('exit 0'), ends('')]);
});

posix('nothing depends on where this process stands', async t => {
	t.is((await runProgram('/bin/pwd', [])).stdout, '/\n');
});

test('a directory is no program', async t => {
	t.is((await runProgram('/', [])).code, null);
});

unless(process.getuid?.() !== 0 && 'only root can become somebody without an account', false)(
	'a user without an account, as containers have, asks for root what it may ask',
	async t => {
		const module = new URL('../../../lib/pki/trust/run-program.js', import.meta.url).href;
		const script = `
			import {runProgram} from ${JSON.stringify(module)};
			process.setuid(54321);
			const {code, stdout} = await runProgram('/bin/sh', ['-c', 'echo $HOME'], 'root');
			console.log(code, stdout);
		`;
		const args = ['--input-type=module', '--eval', script];
		const {stdout, stderr} = await run(process.execPath, args, {env: {HOME: '/somewhere'}});
		t.is(stdout.trim(), '0 /somewhere', stderr);
	},
);
