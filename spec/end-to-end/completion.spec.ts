import {chmod, writeFile} from 'node:fs/promises';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const program = fileURLToPath(new URL('../../bin/sealport.cjs', import.meta.url));

/** What Tab offers for the last of these words, in bash. */
async function offers(t: ExecutionContext, ...words: string[]): Promise<string[]> {
	const directory = temporaryDirectory(t);
	const command = join(directory, 'sealport');
	await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
	await chmod(command, 0o700);
	const PATH = [directory, process.env.PATH].join(delimiter);
	const script = `
		set -e
		eval "$(sealport completion)"
		COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')})
		COMP_CWORD=${words.length - 1}
		_sealport_yargs_completions
		printf '%s\\n' "\${COMPREPLY[@]}"`;
	const {code, stdout, stderr} = await run('bash', ['--norc', '-c', script], {
		env: {PATH, HOME: home, SHELL: '/bin/bash', ZSH_NAME: ''},
	});
	t.is(code, 0, stderr);
	t.is(stderr, '');
	return stdout.split('\n').filter(Boolean);
}

const withBash = needs('bash');

withBash('bash completes a flag of the default command', async t => {
	t.deepEqual(await offers(t, 'sealport', '--po'), ['--port']);
	t.deepEqual(await offers(t, 'sealport', '3000', '--self'), ['--self-signed']);
	t.deepEqual(await offers(t, 'sealport', '--rou'), ['--route']);
});

withBash('bash completes a command, and the flags it takes', async t => {
	t.deepEqual(await offers(t, 'sealport', 'd'), ['demo', 'doctor']);
	t.deepEqual(await offers(t, 'sealport', 'demo', '--po'), ['--port']);
	t.deepEqual(await offers(t, 'sealport', 'demo', '--rou'), []);
});

for (const [shell, begins] of [
	['bash', /^###-begin-sealport/],
	['zsh', /^#compdef sealport\n/],
] as const) {
	test(`sealport completion prints the script for ${shell}, and nothing else`, async t => {
		const completion = runSealport(t, home, ['completion'], {SHELL: `/bin/${shell}`});
		t.is(await completion.ended, 0);
		t.regex(completion.stdout, begins);
		t.is(completion.stderr, '');
	});
}

test('fish is offered what a command takes', async t => {
	const args = ['--get-yargs-completions', 'demo', '--p'];
	const offered = runSealport(t, home, args, {SHELL: '/usr/bin/fish'});
	t.is(await offered.ended, 0);
	t.regex(offered.stdout, /^--port\t/m);
	t.notRegex(offered.stdout, /^--source/m);
});
