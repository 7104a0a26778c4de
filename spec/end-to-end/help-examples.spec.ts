import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {sealportProgram} from '../helpers/cli.js';
import {noOwnMachine, ownMachine} from '../helpers/own-machine.js';
import {noOwnNetwork, ownNetwork} from '../helpers/own-network.js';
import {pathOf, unless} from '../helpers/programs.js';
import {until} from '../helpers/until.js';

/** A dev server as people have one: told its port by a flag, or by a variable. */
const server = `
const flag = process.argv.indexOf('--port');
const port = flag < 0 ? process.env.PORT ?? 3000 : process.argv[flag + 1];
require('node:http')
	.createServer((request, response) => response.end('the page'))
	.listen(Number(port), '127.0.0.1', () => console.log('ready'));
`;

/** What `--help` says, here: all other runs are on machines of their own. */
function helpOf(...command: string[]): string {
	return execFileSync(process.execPath, [sealportProgram, ...command, '--help'], {
		encoding: 'utf8',
		env: {PATH: process.env.PATH},
	});
}

/** Command lines and what is said of them. */
function examplesIn(help: string): ReadonlyArray<readonly [line: string, meaning: string]> {
	const block = help.split(/^Examples:\n/m)[1]?.split(/\n\n/)[0] ?? '';
	return block
		.split('\n')
		.filter(Boolean)
		.map(row => {
			const [, line = '', meaning = ''] = /^ {2}(\S.*?) {2,}(\S.*)$/.exec(row) ?? [];
			return [line, meaning] as const;
		});
}

const commands = Array.from(
	(
		helpOf()
			.split(/^Commands:\n/m)[1]
			?.split(/\n\n/)[0] ?? ''
	).matchAll(/^ {2}sealport (\w+)/gm),
	([, name = '']) => name,
);

test('there are commands, and each has examples', t => {
	t.true(commands.length >= 9);
	for (const command of commands) {
		t.true(examplesIn(helpOf(command)).length > 0, command);
	}
});

const alone = unless(noOwnMachine || noOwnNetwork);

/** A project with a dev server, in a home directory; one that listens already, if that is wanted. */
async function sandbox(t: ExecutionContext) {
	const machine = await ownMachine(t, ['10.0.0.1 unrelated.test']);
	const {enter} = await ownNetwork(t);
	const programs = join(machine.home, 'programs');
	const project = join(machine.home, 'project');
	const installed = join(project, 'node_modules', '.bin');
	mkdirSync(programs);
	mkdirSync(installed, {recursive: true});
	const scripts = {dev: 'node server.js', test: 'node --version'};
	writeFileSync(join(project, 'package.json'), JSON.stringify({name: 'project', scripts}));
	writeFileSync(join(project, 'server.js'), server);
	writeFileSync(join(installed, 'vite'), `#!${process.execPath}\n${server}`);
	writeFileSync(
		join(programs, 'sealport'),
		`#!/bin/sh\nexec '${process.execPath}' '${sealportProgram}' "$@"\n`,
	);
	chmodSync(join(programs, 'sealport'), 0o755);
	chmodSync(join(installed, 'vite'), 0o755);
	// Without what npm puts there for this project: its own vite, for one.
	const places = (process.env.PATH ?? '').split(':').filter(place => !/node_modules/.test(place));
	const PATH = [programs, ...places].join(':');
	const start = (shell: string, line: string) =>
		machine.start('nsenter', [...enter, shell, '-c', `cd '${project}' && ${line}`], {
			PATH,
			CI: '',
			npm_config_update_notifier: 'false',
		});
	return {home: machine.home, project, start};
}

for (const [line, meaning] of [[], ...commands.map(name => [name])].flatMap(command =>
	examplesIn(helpOf(...command)),
)) {
	alone(`pasted: ${line}   (${meaning})`, async t => {
		t.timeout(300_000);
		const {home, project, start} = await sandbox(t);
		if (!/^sealport run/.test(line)) {
			await start('sh', 'exec node server.js').says('ready');
		}
		const shell = /\| source$/.test(line) ? 'fish' : 'bash';
		if (shell === 'fish' && pathOf('fish') === undefined) {
			t.log('fish not installed');
			t.pass();
			return;
		}
		const run = start(shell, line);
		await until(
			'it serves, or ends',
			() => /^https:\S+$/m.test(run.stdout) || run.child.exitCode !== null,
			240_000,
		);
		const [url] = /^https:\S+$/m.exec(run.stdout) ?? [];
		if (url === undefined) {
			const code = await run.ended;
			// It ends with 1 where a client does not trust the certificate, which is what it is to find out.
			t.true(code === 0 || (code === 1 && /doctor/.test(line)), `${code}: ${run.stderr}`);
			t.notRegex(run.stderr, /^error: /m);
			for (const [file] of meaning.matchAll(/[\w.-]+\.(?:pem|p12)/g)) {
				t.true(existsSync(join(project, file)), file);
			}
			return;
		}
		const [promised] = /https:\S+/.exec(meaning) ?? [];
		t.is(url, promised ?? url);
		const ca = join(home, '.local', 'share', 'sealport', 'ca.pem');
		const client = start('sh', `exec curl --silent --show-error --cacert '${ca}' ${url}`);
		t.is(await client.ended, 0, client.stderr);
		t.regex(client.stdout, /demo/.test(line) ? /<html/ : /^the page$/);
		run.child.kill('SIGTERM');
		t.is(await run.ended, 143, run.stderr);
	});
}
