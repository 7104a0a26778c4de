import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Run, runSealport} from '../helpers/cli.js';
import {needs} from '../helpers/programs.js';
import {startRecording} from '../helpers/recording-backend.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {until} from '../helpers/until.js';

const given = 'given-by-a-person-1234';

interface Started {
	readonly home: string;
	readonly run: Run;
	readonly url: string;
	curl(...args: readonly string[]): Promise<string>;
}

/** Starts the command line as people do, and resolves when it listens. */
async function start(
	t: ExecutionContext,
	args: readonly string[],
	env: NodeJS.ProcessEnv = {},
	home = temporaryDirectory(t),
): Promise<Started> {
	t.timeout(120_000);
	const sealport = runSealport(t, home, ['--port', '0', ...args], env);
	await sealport.says(args.includes('--json') ? /"event":"listening".*\n/ : /stop +Ctrl\+C/);
	const url = /https:\/\/localhost:\d+/.exec(sealport.stdout)?.[0] ?? '';
	const ca = /[^ "]+ca\.pem/.exec(sealport.stdout + sealport.stderr)?.[0] ?? '';
	return {
		home,
		run: sealport,
		url,
		async curl(...rest) {
			const {stdout, stderr} = await run('curl', [
				...['--silent', '--show-error', '--noproxy', '*', '--max-time', '60', '--cacert', ca],
				...rest,
			]);
			return stdout + stderr;
		},
	};
}

const countOf = (text: string, part: string) => text.split(part).length - 1;

for (const version of ['--http1.1', '--http2']) {
	for (const format of [[], ['--json']]) {
		needs('curl')(
			`${version} ${format.join()}: the link is printed once, and curl gets in by it`,
			async t => {
				const backend = await startRecording(t);
				const {
					run: sealport,
					url,
					curl,
					home,
				} = await start(t, [...[String(backend.port), '--token', '--verbose'], ...format]);
				const link = /https:\/\/\S+sealport-token=[\w-]+/.exec(
					sealport.stdout + sealport.stderr,
				)?.[0];
				const token = link?.split('=')[1] ?? '';
				t.is(token.length, 43);
				const jar = join(home, 'jar');
				const status = [
					'--output',
					join(home, 'body'),
					'--write-out',
					'%{http_code} %{url_effective}',
				];
				const followed = await curl(version, ...status, '-L', '-b', jar, '-c', jar, `${link}&a=1`);
				t.is(followed, `200 ${url}/?a=1`);
				t.is(await curl(version, ...status, '-b', jar, `${url}/b`), `200 ${url}/b`);
				t.is(await curl(version, ...status, `${url}/c`), `401 ${url}/c`);
				t.is(await curl(version, ...status, '--oauth2-bearer', token, `${url}/d`), `200 ${url}/d`);
				t.regex(await curl(version, ...status, `${url}/e?sealport-token=wrong`), /^401 /);
				await until('all is told', () => sealport.stderr.includes('/e?sealport-token=***'));
				sealport.child.kill('SIGTERM');
				await sealport.ended;
				t.is(countOf(sealport.stdout + sealport.stderr, token), 1);
				t.false(backend.received.includes(token));
				t.false(backend.received.includes('__Host-'));
				t.is(countOf(sealport.stderr, 'refused: '), 2);
			},
		);
	}
}

needs('curl')('a token from the environment is neither printed nor warned of', async t => {
	const backend = await startRecording(t);
	const env = {SEALPORT_TOKEN: given};
	const {run: sealport, url, curl} = await start(t, [String(backend.port), '--verbose'], env);
	t.true(sealport.stderr.includes(`${url}/?sealport-token=<token>`));
	t.regex(await curl('--oauth2-bearer', given, `${url}/x`), /"url":"\/x"/);
	t.regex(await curl('--oauth2-bearer', `${given}5`, `${url}/y`), /the token is wrong/);
	t.false((sealport.stdout + sealport.stderr).includes(given));
	t.false(sealport.stderr.includes('list of processes'));
});

test('a token or a password on the command line is warned of', async t => {
	for (const [flag, instead] of [
		[`--token=${given}`, 'set SEALPORT_TOKEN or use --token-file'],
		[`--auth=alice:${given}`, 'set SEALPORT_AUTH or use --auth-file'],
	] as const) {
		const {run: sealport} = await start(t, ['1', flag]);
		await sealport.says(instead);
		t.regex(sealport.stderr, /warning: .*other users of this machine can read it/);
		t.false((sealport.stdout + sealport.stderr).includes(given));
	}
});

needs('curl')(
	'a token from a file that the configuration names, with a warning if others may read it',
	async t => {
		const backend = await startRecording(t);
		const home = temporaryDirectory(t);
		writeFileSync(join(home, 'sealport.config.json'), '{"tokenFile": "secret/../token"}');
		writeFileSync(join(home, 'token'), `${given}\n`);
		chmodSync(join(home, 'token'), 0o640);
		const {run: sealport, url, curl} = await start(t, [String(backend.port)], {}, home);
		t.regex(await curl('--oauth2-bearer', given, `${url}/x`), /"url":"\/x"/);
		t.regex(await curl(`${url}/x`), /asks for a token/);
		t.false(sealport.stderr.includes(given));
		if (process.platform !== 'win32') {
			await sealport.says(/warning: \S+token has mode 0640/);
		}
	},
);

for (const [args, message] of [
	[['--token=hush-hush'], 'token: expected 16 to 4096 characters, got 9'],
	[['--auth', 'hush-hush'], 'auth: expected user:password, got no colon'],
	[['--token', '--token-file', 'none'], 'token and tokenFile: both are given'],
	[['--token-file', 'none'], 'tokenFile: cannot read none: no such file or directory'],
] as const) {
	test(`${args.join(' ')} is refused before anything listens`, async t => {
		t.timeout(120_000);
		const home = temporaryDirectory(t);
		const sealport = runSealport(t, home, ['1', '--port', '0', '--verbose', ...args]);
		t.is(await sealport.ended, 2);
		t.true(sealport.stderr.includes(message), sealport.stderr);
		t.is(sealport.stdout, '');
		t.false(sealport.stderr.includes('hush-hush'));
	});
}
