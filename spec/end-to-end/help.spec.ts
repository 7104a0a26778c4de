import {readFile} from 'node:fs/promises';
import test from 'ava';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';

/** Lines of a terminal that is as high as a screen, and what every terminal has in a line. */
const screen = {lines: 54, columns: 80};

for (const args of [['--help'], ['-h'], ['demo', '--help'], ['completion', '--help']]) {
	test(`sealport ${args.join(' ')}`, async t => {
		const run = runSealport(t, home, args);
		t.is(await run.ended, 0);
		t.is(run.stderr, '');
		const lines = run.stdout.split('\n');
		t.true(lines.length <= screen.lines, `${lines.length} lines`);
		t.deepEqual(
			lines.filter(line => line.length > screen.columns),
			[],
		);
		if (!args.includes('completion')) {
			for (const flag of ['port', 'host', 'name', 'wait', 'cert', 'json', 'verbose', 'open']) {
				t.regex(run.stdout, new RegExp(`--${flag} +\\S`));
			}
		}
		const wraps = args[0] !== 'demo' && args[0] !== 'completion';
		t.is(wraps, /--source/.test(run.stdout));
		t.is(wraps, /--route/.test(run.stdout));
	});
}

for (const args of [['--version'], ['-v'], ['demo', '--version']]) {
	test(`sealport ${args.join(' ')}`, async t => {
		const file = new URL('../../../package.json', import.meta.url);
		const {version} = JSON.parse(await readFile(file, 'utf8')) as {version: string};
		const run = runSealport(t, home, args);
		t.is(await run.ended, 0);
		t.is(run.stdout, `${version}\n`);
		t.is(run.stderr, '');
	});
}

test('sealport cert --help says what its flags mean, and how a passphrase stays secret', async t => {
	const run = runSealport(t, home, ['cert', '--help']);
	t.is(await run.ended, 0);
	for (const flag of ['client', 'key-type', 'days', 'out', 'p12', 'passphrase', 'force', 'certs']) {
		t.regex(run.stdout, new RegExp(`--${flag} +\\S`));
	}
	t.regex(run.stdout, /SEALPORT_PASSPHRASE/);
	t.regex(run.stdout, /^ +names +.*\[localhost 127\.0\.0\.1 ::1\]$/m);
	t.notRegex(run.stdout, /--port|--source/);
	t.deepEqual(
		run.stdout.split('\n').filter(line => line.length > screen.columns),
		[],
	);
});

test('every command says what it does, in lines that fit a terminal, with examples that can be copied', async t => {
	const help = runSealport(t, home, ['--help']);
	await help.ended;
	const names = Array.from(help.stdout.matchAll(/^ {2}sealport (\w+)/gm), ([, name = '']) => name);
	const commands = [...new Set(names)].filter(name => !/^\d/.test(name));
	t.true(commands.length >= 9, help.stdout);
	for (const name of commands) {
		const run = runSealport(t, home, [name, '--help']);
		t.is(await run.ended, 0);
		const lines = run.stdout.split('\n');
		t.true(lines[0]?.startsWith(`sealport ${name}`), run.stdout);
		t.true(lines.length <= screen.lines, `${name}: ${lines.length} lines`);
		t.deepEqual(
			lines.filter(
				line => line.length > screen.columns || /\s$|\[(string|boolean|array)\]/.test(line),
			),
			[],
		);
		const examples = lines.slice(lines.indexOf('Examples:') + 1);
		t.true(lines.includes('Examples:'), name);
		// One that does not fit into its column goes on in the next line, and cannot be copied.
		t.deepEqual(
			examples.filter(line => line !== '' && !/^ {2}.*\bsealport\b.* {2}\S|^\S/.test(line)),
			[],
		);
	}
});

test('sealport --help --all shows the flags that are wanted seldom, too', async t => {
	const [few, all] = [['--help'], ['--help', '--all']].map(args => runSealport(t, home, args));
	t.deepEqual([await few?.ended, await all?.ended], [0, 0]);
	for (const flag of ['deny', 'client-ca', 'limit', 'lane', 'source']) {
		t.notRegex(few?.stdout ?? '', new RegExp(`--${flag} +\\S`));
		t.regex(all?.stdout ?? '', new RegExp(`--${flag} +\\S`));
	}
});
