import {readFile} from 'node:fs/promises';
import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {deadPort} from '../helpers/free-port.js';
import {home} from '../helpers/home.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';

const withCurl = needs('curl');

for (const extra of [[], ['--verbose'], ['--quiet']]) {
	const flags = ['--json', '--port', '0', ...extra];
	withCurl(`${flags.join(' ')}: one line on stdout, from start to end`, async t => {
		const backend = await startBackend(t, (_request, response) => response.end('hello'));
		const sealport = runSealport(t, home, [String(backend.port), ...flags]);
		const {port, ca} = await sealport.listening();
		const url = `https://localhost:${port}`;
		const get = (...args: string[]) => run('curl', ['-s', '--noproxy', '*', ...args]);
		t.is((await get('--cacert', ca ?? '', url)).stdout, 'hello');
		t.not((await get(url)).code, 0);
		await get('--insecure', '--header', 'Host: evil.example', url);
		await get('--header', 'Host: \u0007', '--insecure', url);
		sealport.child.kill('SIGINT');
		t.is(await sealport.ended, 130);

		const [line = '', ...rest] = sealport.stdout.split('\n');
		t.deepEqual(rest, ['']);
		const event = JSON.parse(line) as {addresses: string[]};
		const {addresses} = event;
		const routes = [{match: '/', backend: `http://localhost:${backend.port}`}];
		const expected = {event: 'listening', url, addresses, port, routes, ca};
		t.is(line, JSON.stringify(expected));
		t.is(addresses[0], '127.0.0.1');
		t.true(addresses.length === 1 || addresses[1] === '::1');
		t.regex(await readFile(ca ?? '', 'utf8'), /^-----BEGIN CERTIFICATE-----/m);
	});
}

test('without --json the URL, and nothing else, goes to stdout', async t => {
	const sealport = runSealport(t, home, ['3000', '--port', '0']);
	await sealport.says('Ctrl+C');
	t.regex(sealport.stdout, /^https:\/\/localhost:\d+\n$/);
	const url = sealport.stdout.trim();
	t.true(sealport.stderr.includes('http://localhost:3000'));
	t.true(sealport.stderr.includes(`ca.pem ${url}`));
	t.regex(sealport.stderr, /curl --cacert .*ca\.pem/);
	t.regex(sealport.stderr, /NODE_EXTRA_CA_CERTS=.*ca\.pem/);
});

test('--quiet says the URL and nothing else', async t => {
	const sealport = runSealport(t, home, ['3000', '--port', '0', '--quiet']);
	await sealport.says('https://');
	sealport.child.kill('SIGTERM');
	t.is(await sealport.ended, 143);
	t.regex(sealport.stdout, /^https:\/\/localhost:\d+\n$/);
	t.is(sealport.stderr, '');
});

test('who reads the URL and closes the pipe does not end it', async t => {
	const flags = ['--port', '0', '--json', '--verbose', '--wait=0'];
	const sealport = runSealport(t, home, [String(await deadPort(t)), ...flags]);
	const {port} = await sealport.listening();
	sealport.child.stdout?.destroy();
	sealport.child.stderr?.destroy();
	const ask = `require('https').get({port: ${port}, rejectUnauthorized: false}, answer => {
		answer.resume(); console.log(answer.statusCode)})`;
	for (const _again of [1, 2, 3]) {
		t.is((await run(process.execPath, ['--eval', ask])).stdout, '502\n');
	}
	sealport.child.kill('SIGINT');
	t.is(await sealport.ended, 130);
});
