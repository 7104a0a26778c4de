import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import ava, {type ExecutionContext} from 'ava';
import httpProxy from 'http-proxy';
import {openRawHttp2} from '../helpers/http2/client.js';
import {request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {test} from '../helpers/lanes.js';
import {openTcp, openTls} from '../helpers/raw-client.js';
import {answering, ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {fetchAs, onHttp2, openClient} from '../helpers/versions.js';
import {askFor} from '../helpers/websocket-upgrade.js';

// CVE-2026-29057: http-proxy takes away the framing of a DELETE or OPTIONS request, so that the backend
// takes the body for the next request.
const hidden = 'GET /admin HTTP/1.1\r\nHost: localhost\r\n\r\n';
const framed = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;

function chunkedRequest(method: string): string {
	return `${method} /public HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${framed}`;
}

const keepsFraming = test.macro({
	title: (method = '') => `the body of a chunked ${method} stays a body`,
	async exec(t, method: string) {
		const backend = await startScripted(t, connection =>
			connection.until(/\r\n0\r\n\r\n$/).then(() => connection.write(ok)),
		);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTls(t, tunnel);
		client.write(chunkedRequest(method));
		await client.until('\r\n\r\nok');
		const [head = '', ...body] = backend.received.split('\r\n\r\n');
		t.regex(head, new RegExp(`^${method} /public HTTP/1\\.1\r\n`));
		t.regex(head, /^Transfer-Encoding: chunked$/m);
		t.notRegex(head, /^Content-Length:/im);
		t.is(body.join('\r\n\r\n'), framed);
	},
});

for (const method of ['DELETE', 'OPTIONS', 'GET', 'POST', 'PUT', 'PROPFIND']) {
	test(method, keepsFraming, method);
}

onHttp2(ava)('what is sent into a WebSocket that the backend declines is no request', async t => {
	const backend = await startScripted(
		t,
		answering('HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno'),
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openClient(t, tunnel);
	client.write(`${askFor('/chat')}${hidden}`);
	t.regex(await client.until('\r\n\r\nno'), /^HTTP\/1\.1 403 /);
	t.is((await fetchAs(t, tunnel, '/next')).status, 403);
	t.deepEqual(backend.received.match(/^GET \S+/gm), ['GET /chat', 'GET /next']);
});

test('a DELETE over HTTP/2 with a body and no length reaches the backend chunked', async t => {
	const backend = await startScripted(t, connection =>
		connection.until(/\r\n0\r\n\r\n$/).then(() => connection.write(ok)),
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openRawHttp2(t, tunnel);
	client.send(
		frame.headers(1, request('DELETE', '/public'), {endStream: false}),
		frame.data(1, hidden, {endStream: true}),
	);
	await client.response(1);
	const [head = '', ...body] = backend.received.split('\r\n\r\n');
	t.regex(head, /^DELETE \/public HTTP\/1\.1\r\n/);
	t.regex(head, /^Transfer-Encoding: chunked$/m);
	t.is(body.join('\r\n\r\n'), framed);
});

/** http-proxy by itself, in front of a backend. */
async function startBareProxy(t: ExecutionContext, backend: number): Promise<number> {
	const proxy = httpProxy.createProxyServer({target: `http://127.0.0.1:${backend}`});
	proxy.on('error', () => undefined);
	const server = createServer((request, response) => proxy.web(request, response));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

for (const method of ['DELETE', 'OPTIONS']) {
	ava(`http-proxy by itself turns the body of a chunked ${method} into a request`, async t => {
		const backend = await startScripted(t);
		const client = await openTcp(t, await startBareProxy(t, backend.port));
		client.write(chunkedRequest(method));
		const connection = await backend.connection();
		const received = await connection.until('/admin');
		const [head = '', second = ''] = received.split('\r\n\r\n');
		t.notRegex(head, /^Transfer-Encoding:/im);
		t.regex(head, /^Content-Length: 0$/im);
		t.regex(second, /^GET \/admin HTTP\/1\.1\r\n/);
	});
}
