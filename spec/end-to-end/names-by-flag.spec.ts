import {readFileSync} from 'node:fs';
import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {type ListeningEvent, runSealport} from '../helpers/cli.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {home} from '../helpers/home.js';

/** Asks for a name as a client does that has it in its hosts file, and verifies the certificate. */
async function ask({port, ca}: ListeningEvent, name: string) {
	const {status, body} = await fetchHttp1({port, ca: readFileSync(ca ?? '', 'utf8')}, '/', {
		host: '127.0.0.1',
		servername: name,
		headers: {host: `${name}:${port}`},
	});
	return `${status} ${body}`;
}

for (const [what, args, env] of [
	['--name given twice', ['--name', 'a.test', '--name', 'b.test'], {}],
	['--name with a comma', ['--name', 'a.test,b.test'], {}],
	['--name with a comma and a space', ['--name', 'a.test, b.test'], {}],
	['SEALPORT_NAME', [], {SEALPORT_NAME: 'a.test,b.test'}],
] as const) {
	test(`${what} serves every name, and the first is in the URL`, async t => {
		const backend = await startBackend(t, (request, response) =>
			response.end(request.headers.host?.split(':')[0]),
		);
		const flags = [String(backend.port), '--port', '0', '--json', ...args];
		const sealport = await runSealport(t, home, flags, env).listening();
		t.is(sealport.url, `https://a.test:${sealport.port}`);
		t.is(await ask(sealport, 'a.test'), '200 a.test');
		t.is(await ask(sealport, 'b.test'), '200 b.test');
		t.is(await ask(sealport, 'localhost'), '200 localhost');
		await t.throwsAsync(ask(sealport, 'c.test'), {message: /altnames/});
	});
}

test('of any other flag that is given twice, the last one counts', async t => {
	const backend = await startBackend(t, (_request, response) => response.end('hello'));
	const flags = ['--port', '1', '--port', '0', '--host', '203.0.113.77', '--host', '127.0.0.1'];
	const sealport = runSealport(t, home, [String(backend.port), '--json', ...flags]);
	const {port, addresses} = await sealport.listening();
	t.true(port > 1);
	t.deepEqual(addresses, ['127.0.0.1']);
});
