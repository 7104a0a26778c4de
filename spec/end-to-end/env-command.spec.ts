import {spawn} from 'node:child_process';
import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {shellWord} from '../../lib/shell-word.js';
import {runSealport, sealportProgram} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {needs} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const node = (script: string) => ['env', '--', process.execPath, '-e', script];

test('the command has its arguments, output and exit code as if it ran alone', async t => {
	const script = `console.log(JSON.stringify(process.argv.slice(1))); console.error('to stderr'); process.exit(7)`;
	const run = runSealport(t, home, [...node(script), '--', 'a b', '', '--json', '$HOME']);
	t.is(await run.ended, 7);
	t.is(run.stdout, '["a b","","--json","$HOME"]\n');
	t.is(run.stderr, 'to stderr\n');
});

test('the command has the variables, and those that were there', async t => {
	const script = 'console.log(JSON.stringify([process.env.NODE_EXTRA_CA_CERTS, process.env.MINE]))';
	const run = runSealport(t, home, node(script), {MINE: 'kept'});
	t.is(await run.ended, 0);
	t.is(run.stdout, `["${join(home, '.local/share/sealport/ca.pem')}","kept"]\n`);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
	test(`${signal} goes to the command, which decides what comes of it`, async t => {
		const script = `process.on('${signal}', () => { console.log('heard'); process.exit(3); });
			setInterval(() => undefined, 1000); console.log('ready')`;
		const run = runSealport(t, home, node(script));
		await run.says('ready');
		run.child.kill(signal);
		t.is(await run.ended, 3);
		t.is(run.stdout, 'ready\nheard\n');
	});
}

needs('script')('Ctrl+C in a terminal reaches the command once, not twice', async t => {
	const script = `let heard = 0; process.on('SIGINT', () => {
		heard++ || setTimeout(() => { console.log('heard ' + heard); process.exit(0); }, 500);
	}); setInterval(() => undefined, 1000); console.log('ready');`;
	const file = join(temporaryDirectory(t), 'count.cjs');
	writeFileSync(file, script);
	const words = [process.execPath, sealportProgram, 'env', '--', process.execPath, file];
	const terminal = spawn('script', ['-qec', words.map(shellWord).join(' '), '/dev/null'], {
		env: {PATH: process.env.PATH, HOME: home, SHELL: '/bin/sh'},
	});
	t.teardown(() => terminal.kill('SIGKILL'));
	let said = '';
	for await (const chunk of terminal.stdout) {
		said += chunk;
		if (said.endsWith('ready\r\n')) {
			terminal.stdin.write('\u0003');
		}
	}
	t.regex(said, /heard 1\r\n$/);
});

test('a command that a signal ends gives 128 and its number', async t => {
	const run = runSealport(t, home, node(`process.kill(process.pid, 'SIGKILL')`));
	t.is(await run.ended, 137);
	t.is(run.stderr, '');
});

test('a command that does not exist: 127, as shells have it', async t => {
	const run = runSealport(t, home, ['env', '--', 'no-such-program', 'x']);
	t.is(await run.ended, 127);
	t.is(run.stdout, '');
	t.regex(run.stderr, /^error: cannot run "no-such-program": no such program\nhint: .*PATH.*\n$/);
});

test('a command that may not be run: 126', async t => {
	const file = join(temporaryDirectory(t), 'text');
	writeFileSync(file, 'no program');
	chmodSync(file, 0o644);
	const run = runSealport(t, home, ['env', '--', file]);
	t.is(await run.ended, 126);
	t.regex(run.stderr, /^error: cannot run ".*text": permission denied\nhint: .*\n$/);
});

test('no command behind the dashes', async t => {
	const run = runSealport(t, home, ['env', '--']);
	t.is(await run.ended, 2);
	t.regex(run.stderr, /^error: no command behind --\nhint: .*\n$/);
});

test('a shell that is not known', async t => {
	const run = runSealport(t, home, ['env', '--shell', 'tcsh']);
	t.is(await run.ended, 2);
	t.is(run.stdout, '');
	t.regex(run.stderr, /^error: shell: expected sh, fish, powershell, got "tcsh"\n/);
});

for (const flags of [['--certs', 'elsewhere'], ['--verbose']]) {
	test(`flags before the command's name: ${flags.join(' ')}`, async t => {
		const script = 'console.log(process.env.NODE_EXTRA_CA_CERTS)';
		const place = temporaryDirectory(t);
		const run = runSealport(t, place, [...flags, ...node(script)]);
		t.is(await run.ended, 0, run.stderr);
		const store = flags[1] ?? '.local/share/sealport';
		t.is(run.stdout, `${join(place, store, 'ca.pem')}\n`);
	});
}

test('a flag of another command before the name is refused as one behind it', async t => {
	const run = runSealport(t, home, ['--port', '1', 'env']);
	t.is(await run.ended, 2);
	t.is(run.stdout, '');
	t.regex(run.stderr, /^error: unknown flag --port\n/);
});
