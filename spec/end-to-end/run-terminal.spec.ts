import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {sealportProgram} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {needs, unless} from '../helpers/programs.js';
import {inTerminal} from '../helpers/pty.js';
import {plainServer} from '../helpers/run-server.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const declare =
	process.platform === 'linux' ? needs('python3') : unless('needs a terminal of Linux', false);

function session(
	t: ExecutionContext,
	script: string,
	steps: Parameters<typeof inTerminal>[3],
	env: NodeJS.ProcessEnv = {},
) {
	const directory = temporaryDirectory(t);
	writeFileSync(join(directory, 'server.mjs'), script);
	const args = ['run', '--port', '0', '--certs', join(home, 'certs'), 'node', 'server.mjs'];
	return inTerminal(t, directory, [process.execPath, sealportProgram, ...args], steps, env);
}

declare('Ctrl+C reaches the dev server once, and its exit code is the one', async t => {
	const {code, text} = await session(
		t,
		`${plainServer} process.on('SIGINT', () => { console.log('interrupted'); setTimeout(() => process.exit(3), 800); });`,
		[['https://', '\x03']],
	);
	t.is(code, 3, text);
	t.is(text.match(/interrupted/g)?.length, 1);
});

declare('Ctrl+C twice ends one that does not care', async t => {
	const {code, text} = await session(
		t,
		`${plainServer} process.on('SIGINT', () => console.log('no')); process.on('SIGTERM', () => console.log('no'));`,
		[
			['https://', '\x03'],
			['press Ctrl\\+C again', '\x03'],
		],
	);
	t.is(code, 137, text);
});

declare('keys reach it, and a terminal that it has changed is put back', async t => {
	const {code, text, echoes} = await session(
		t,
		`${plainServer}
		process.stdin.setRawMode(true);
		process.stdin.on('data', key => {
			console.log('key ' + key);
			if (String(key) === 'q') process.kill(process.pid, 'SIGKILL');
		});`,
		[
			['https://', 'h'],
			['key h', 'q'],
		],
	);
	t.is(code, 137, text);
	t.regex(text, /key q/);
	t.true(echoes);
});

declare('lines that are typed reach it', async t => {
	const {text} = await session(
		t,
		`${plainServer} process.stdin.once('data', line => { console.log('line ' + line); process.exit(); });`,
		[['https://', 'restart\n']],
	);
	t.regex(text, /line restart/);
});

const colours = `console.log('colours ' + process.env.FORCE_COLOR);`;

declare('it learns how many colours the terminal has', async t => {
	t.regex((await session(t, colours, [])).text, /colours 2/);
	t.regex((await session(t, colours, [], {COLORTERM: 'truecolor'})).text, /colours 3/);
	t.regex((await session(t, colours, [], {TERM: 'dumb'})).text, /colours undefined/);
});

declare('unless the person has said what they want', async t => {
	t.regex((await session(t, colours, [], {NO_COLOR: '1'})).text, /colours undefined/);
	t.regex((await session(t, colours, [], {FORCE_COLOR: '0'})).text, /colours 0/);
});

declare('escape sequences and garbage come to the terminal as they are', async t => {
	const {text} = await session(
		t,
		`process.stdout.write('\\x1b[2J\\x1b[1;1H\\x1b]0;title\\x07\\x1b[31mred\\x1b[0m');
		process.stderr.write('\\x1b[?25l\\x1b[?25h');`,
		[],
	);
	t.true(text.includes('\x1b[2J\x1b[1;1H\x1b]0;title\x07\x1b[31mred\x1b[0m'));
	t.true(text.includes('\x1b[?25l\x1b[?25h'));
});
