import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {needs} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {scripted, typed} from '../helpers/typed.js';

const shells = {
	bash: {command: ['bash', '--norc', '-i'], load: 'eval "$(sealport completion bash)"'},
	zsh: {
		command: ['zsh', '-f', '-i'],
		load: 'autoload -Uz compinit && compinit -u && eval "$(sealport completion zsh)"',
	},
	fish: {command: ['fish', '--no-config', '-i'], load: 'sealport completion fish | source'},
} as const;

for (const [name, {command, load}] of Object.entries(shells)) {
	const inShell = needs(name, 'python3');

	inShell(`${name}: Tab completes commands, flags, and what flags take`, async t => {
		t.timeout(120_000);
		const {calls, screen} = await typed(t, command, [
			load,
			'sealport dem\t--po\t1',
			'sealport 3000 --self\t--lane mes\t',
			'sealport env --shell po\t',
			'sealport untrust --store ja\t--al\t',
			'sealport --key-type=rs\t',
			'sealport hosts ad\tapp.test',
			'sealport 3000 --limit idl\t5',
			'sealport demo --sourc\t',
		]);
		t.deepEqual(
			calls,
			[
				['demo', '--port', '1'],
				['3000', '--self-signed', '--lane', 'message'],
				['env', '--shell', 'powershell'],
				['untrust', '--store', 'java', '--all'],
				['--key-type=rsa'],
				['hosts', 'add', 'app.test'],
				// Fish puts a blank behind whatever it completes that does not end like a path.
				['3000', '--limit', ...(calls[6]?.at(-1) === '5' ? ['idle=', '5'] : ['idle=5'])],
				['demo', '--sourc'],
			],
			screen,
		);
	});

	inShell(`${name}: Tab completes the ports that somebody listens on`, async t => {
		t.timeout(120_000);
		const {port} = await startBackend(t, (_request, response) => response.end());
		const start = String(port).slice(0, -1);
		const rest = String(port).slice(-1);
		const {calls, screen} = await typed(t, command, [
			load,
			`sealport ${start}\t`,
			`sealport ${port}\t`,
		]);
		// Other ports may begin alike.
		t.true([`${start}`, `${start}${rest}`].includes(calls[0]?.[0] ?? ''), screen);
		t.deepEqual(calls[1], [String(port)], screen);
	});

	inShell(`${name}: where a file belongs, Tab completes files`, async t => {
		t.timeout(120_000);
		const directory = temporaryDirectory(t);
		writeFileSync(join(directory, 'certificate.pem'), '');
		const {calls, screen} = await typed(t, command, [
			load,
			`sealport 3000 --cert ${directory}/certi\t`,
			`sealport 3000 --cert=${directory}/certi\t`,
			`sealport env -- ${directory}/certi\t`,
		]);
		const file = join(directory, 'certificate.pem');
		t.deepEqual(
			calls,
			[
				['3000', '--cert', file],
				['3000', `--cert=${file}`],
				['env', '--', file],
			],
			screen,
		);
	});
}

needs('fish')('fish: what is offered says what it is', async t => {
	const {stdout} = await scripted(
		t,
		['fish', '--no-config', '-c'],
		"sealport completion fish | source; complete -C 'sealport demo --ope'; complete -C 'sealport doc'",
	);
	t.is(stdout, '--open\topen the browser\ndoctor\ttry every client, say what is in the way\n');
});

needs('zsh')('zsh: the script works from a directory of functions, too', async t => {
	const place = temporaryDirectory(t);
	const {calls, screen} = await typed(t, shells.zsh.command, [
		`sealport completion zsh > ${place}/_sealport; fpath=(${place} $fpath)`,
		'autoload -Uz compinit && compinit -u',
		'sealport demo --ope\t',
	]);
	t.deepEqual(calls, [['demo', '--open']], screen);
});

for (const [SHELL, begins] of [
	['/bin/bash', /in bash$/m],
	['/usr/bin/zsh', /^#compdef sealport$/m],
	['/usr/bin/fish', /in fish$/m],
	['/usr/bin/pwsh', /in PowerShell$/m],
	['/bin/dash', /in bash$/m],
] as const) {
	test(`with SHELL=${SHELL} the script is for that shell, or for the likeliest`, async t => {
		const run = runSealport(t, home, ['completion'], {SHELL});
		t.is(await run.ended, 0);
		t.regex(run.stdout, begins);
		t.is(run.stderr, '');
	});
}

/** What the script for PowerShell asks. */
async function offered(t: Parameters<typeof runSealport>[0], ...words: string[]) {
	const line = ['sealport', ...words].join('\u001f');
	const run = runSealport(t, home, ['completion', 'powershell'], {SEALPORT_COMPLETE: line});
	await run.ended;
	return run.stdout.trimEnd().split('\n');
}

test('PowerShell is answered with values and meanings', async t => {
	t.deepEqual(await offered(t, '3000', '--ope'), ['words', '--open\topen the browser']);
	t.deepEqual((await offered(t, ''))[0], 'words');
	t.deepEqual(await offered(t, '3000', '--cert', ''), ['files']);
	t.deepEqual(await offered(t, '--lane=w'), ['words', '--lane=wire\tpasses bytes through']);
	t.deepEqual(await offered(t, 'env', '--', 'x'), ['files']);
	t.deepEqual(await offered(t, 'nonsense', '--nonsense', ''), ['words']);
});
