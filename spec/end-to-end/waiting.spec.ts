import {createServer} from 'node:http';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {freePort, lastingAddress} from '../helpers/free-port.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {startTunnel} from '../helpers/tunnel.js';
import {fetchAs, openClient, test} from '../helpers/versions.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';

/** A path for a Unix socket that nobody listens on yet. */
async function socketPath(t: ExecutionContext): Promise<string> {
	return join(temporaryDirectory(t), 'backend.sock');
}

/** Starts a backend that echoes bodies and agrees to any upgrade. */
function comeUp(
	t: ExecutionContext,
	where: string | number,
	host = '127.0.0.1',
): Promise<string[]> {
	const seen: string[] = [];
	const server = createServer((request, response) => {
		seen.push(`${request.method} ${request.url}`);
		request.pipe(response);
	});
	server.on('upgrade', ({rawHeaders}, socket) => {
		const key = rawHeaders[rawHeaders.findIndex(name => /^sec-websocket-key$/i.test(name)) + 1];
		socket.write(agreeTo(`\r\nSec-WebSocket-Key: ${key}\r\n`));
	});
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return new Promise(resolve => {
		const listening = () => resolve(seen);
		typeof where === 'string'
			? server.listen(where, listening)
			: server.listen(where, host, listening);
	});
}

for (const [method, body] of [
	['GET', undefined],
	['POST', 'hello'],
] as const) {
	test(`a ${method} is held until the backend is up`, async t => {
		const path = await socketPath(t);
		const tunnel = await startTunnel(t, `unix:${path}`, {wait: 30});
		const response = fetchAs(t, tunnel, '/', {method, ...(body && {body})});
		await pause(300);
		await comeUp(t, path);
		const {status, body: echoed} = await response;
		t.is(status, 200);
		t.is(echoed, body ?? '');
	});
}

test('with no wait the failure comes at once', async t => {
	const tunnel = await startTunnel(t, `unix:${await socketPath(t)}`, {wait: 0});
	const {status, headers} = await fetchAs(t, tunnel, '/');
	t.is(status, 502);
	t.is(headers['sealport-error'], 'backend-refused');
});

test('an upgrade is held until the backend is up', async t => {
	const path = await socketPath(t);
	const tunnel = await startTunnel(t, `unix:${path}`, {wait: 30});
	const client = await openClient(t, tunnel);
	client.write(askFor('/'));
	await pause(200);
	await comeUp(t, path);
	t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 101 /);
});

test('a request is held while a TCP port refuses', async t => {
	// Anywhere else, somebody may be given the port meanwhile.
	const {port, host} =
		process.platform === 'linux' ? lastingAddress() : {port: await freePort(), host: '127.0.0.1'};
	const tunnel = await startTunnel(t, `${host}:${port}`, {wait: 30});
	const response = fetchAs(t, tunnel, '/');
	await pause(200);
	await comeUp(t, port, host);
	t.is((await response).status, 200);
});

test('a wait that was in vain ends with the failure', async t => {
	const tunnel = await startTunnel(t, `unix:${await socketPath(t)}`, {wait: 0.3});
	t.is((await fetchAs(t, tunnel, '/')).status, 502);
});

test('a client that left while it was held is forgotten', async t => {
	const path = await socketPath(t);
	const tunnel = await startTunnel(t, `unix:${path}`, {wait: 30});
	const client = await openClient(t, tunnel);
	client.write('GET /left HTTP/1.1\r\nHost: localhost\r\n\r\n');
	await pause(150);
	const over = new Promise(resolve => tunnel.once('exchange', resolve));
	client.socket.destroy();
	await over;
	const stayed = fetchAs(t, tunnel, '/stayed');
	await pause(150);
	const seen = await comeUp(t, path);
	await stayed;
	await pause(150);
	t.deepEqual(seen, ['GET /stayed']);
});
