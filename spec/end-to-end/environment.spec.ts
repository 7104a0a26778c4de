import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';

test('SEALPORT_<FLAG> sets every kind of flag', async t => {
	const sealport = runSealport(t, home, ['3000'], {
		SEALPORT_PORT: '0',
		SEALPORT_JSON: '1',
		SEALPORT_SELF_SIGNED: 'true',
		SEALPORT_NAME: 'a.localhost,b.localhost',
		SEALPORT_URL: 'passed over',
		SEALPORT_QUIET: '',
	});
	const {url, ca} = await sealport.listening();
	t.is(new URL(url).hostname, 'a.localhost');
	t.regex(ca ?? '', /self-signed\.pem$/);
});

test('a flag counts more than the environment', async t => {
	const flags = ['3000', '--port', '0', '--json', '--name', 'c.localhost', '--no-self-signed'];
	const sealport = runSealport(t, home, flags, {
		SEALPORT_PORT: '99999',
		SEALPORT_JSON: 'false',
		SEALPORT_SELF_SIGNED: 'true',
		SEALPORT_NAME: 'a.localhost',
	});
	const {url, ca} = await sealport.listening();
	t.is(new URL(url).hostname, 'c.localhost');
	t.regex(ca ?? '', /ca\.pem$/);
});

test('a value of the environment is checked as a flag is', async t => {
	const wrong = runSealport(t, home, ['3000'], {SEALPORT_PORT: '99999'});
	t.is(await wrong.ended, 2);
	t.regex(wrong.stderr, /^error: SEALPORT_PORT: .*"99999"\nhint: /);
	const odd = runSealport(t, home, ['3000'], {SEALPORT_JSON: 'maybe'});
	t.is(await odd.ended, 2);
	t.regex(odd.stderr, /^error: SEALPORT_JSON: .*"maybe"\nhint: /);
});

test('the demo passes over what only the other command takes', async t => {
	const env = {SEALPORT_TARGET: '3000', SEALPORT_PORT: '0', SEALPORT_JSON: 'true'};
	const {port, routes} = await runSealport(t, home, ['demo'], env).listening();
	t.true(port > 0);
	t.not(routes[0]?.backend, 'http://localhost:3000');
});

for (const [env, coloured] of [
	[{}, false],
	[{FORCE_COLOR: '1'}, true],
	[{FORCE_COLOR: '0'}, false],
	[{NO_COLOR: '1'}, false],
] as const) {
	test(`an error, piped, with ${JSON.stringify(env)}: ${coloured ? '' : 'no '}colours`, async t => {
		const sealport = runSealport(t, home, ['80800'], env);
		t.is(await sealport.ended, 2);
		t.is(sealport.stderr.includes('\u001b['), coloured);
	});
}

const withCurl = needs('curl');

withCurl('--verbose: a line for every request, hostile text escaped', async t => {
	const backend = await startBackend(t, (_request, response) => response.end('hello'));
	const flags = ['--port', '0', '--json', '--verbose'];
	const sealport = runSealport(t, home, [String(backend.port), ...flags]);
	const {url} = await sealport.listening();
	const get = (...args: string[]) => run('curl', ['-sk', '--http1.1', '--noproxy', '*', ...args]);
	t.is((await get(`${url}/page?q=1`)).stdout, 'hello');
	await sealport.says(/^200 GET localhost(:\d+)?\/page\?q=1 HTTP\/1\.1 \d+ ms$/m);
	await get('--request-target', '/\u202e\u001b[31m', url);
	await get('--header', 'Host: \u001b[2Jx', url);
	await get(`${url}/last`);
	await sealport.says(/GET localhost(:\d+)?\/last/);
	t.notRegex(sealport.stderr, /[\u001b\u202e]/);
});

test('the passphrase shows in no output, whatever fails', async t => {
	const secret = 'zebra-with-battery';
	for (const args of [
		['3000', '--passphrase', secret],
		['3000', '--verbose', '--passphrase', secret, '--pfx', 'missing.p12'],
		['3000', '4000', `--passphrase=${secret}`],
		['3000', '--passphrase', `-${secret}`],
	]) {
		const sealport = runSealport(t, home, args);
		t.not(await sealport.ended, 0);
		t.regex(sealport.stderr, /^error: /);
		t.false(`${sealport.stdout}${sealport.stderr}`.includes(secret), sealport.stderr);
	}
	const inEnvironment = runSealport(t, home, ['3000', '--verbose'], {SEALPORT_PASSPHRASE: secret});
	t.is(await inEnvironment.ended, 2);
	t.regex(inEnvironment.stderr, /^error: SEALPORT_PASSPHRASE: /);
	t.false(inEnvironment.stderr.includes(secret));
});
