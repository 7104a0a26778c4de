import {createHash} from 'node:crypto';
import type {IncomingHttpHeaders, ServerHttp2Stream} from 'node:http2';
import test, {type ExecutionContext} from 'ava';
import {BulkCheck, writeBulk} from '../helpers/bulk.js';
import {fetchEither} from '../helpers/either.js';
import {startH2cServer, startRawHttp2Backend} from '../helpers/http2/backend.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import type {Fields} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';
const accept = createHash('sha1')
	.update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
	.digest('base64');
const upgrade = `GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: one\r\n\r\n`;

/** A backend that takes WebSockets over HTTP/2, and gives back what it is sent. */
async function startEcho(t: ExecutionContext, status = 200) {
	const {route, server} = await startH2cServer(t, {settings: {enableConnectProtocol: true}});
	const seen: IncomingHttpHeaders[] = [];
	const streams: ServerHttp2Stream[] = [];
	server.on('stream', (stream, headers) => {
		seen.push(headers);
		streams.push(stream);
		if (status !== 200) {
			stream.respond({':status': status, 'content-type': 'text/plain'});
			stream.end('no');
			return;
		}
		stream.respond({'sec-websocket-protocol': 'one'});
		stream.pipe(stream);
	});
	return {tunnel: await startTunnel(t, route), seen, streams};
}

test('a WebSocket of HTTP/1.1 goes through a stream of the backend, to its end', async t => {
	const {tunnel, seen} = await startEcho(t);
	const client = await openTls(t, tunnel);
	client.write(upgrade);
	const head = await client.until('\r\n\r\n');
	t.regex(head, /^HTTP\/1\.1 101 /);
	t.regex(head, /\r\nupgrade: websocket\r\n/i);
	t.regex(head, /\r\nconnection: upgrade\r\n/i);
	t.true(head.includes(`Sec-WebSocket-Accept: ${accept}\r\n`));
	t.regex(head, /\r\nsec-websocket-protocol: one\r\n/);
	const [headers] = seen;
	t.is(headers?.[':method'], 'CONNECT');
	t.is(headers?.[':protocol'], 'websocket');
	t.is(headers?.[':path'], '/chat');
	t.is(headers?.[':scheme'], 'http');
	t.is(headers?.['sec-websocket-version'], '13');
	t.is(headers?.['sec-websocket-key'], undefined);
	client.write('there and back');
	await client.until('there and back');
	client.socket.end('the end');
	t.true((await client.closed()).endsWith('there and backthe end'));
});

test('much goes both ways through a WebSocket, as fast as it is taken', async t => {
	t.timeout(60_000);
	const {tunnel} = await startEcho(t);
	const client = await openTls(t, tunnel);
	const size = 16 * 2 ** 20;
	client.write(upgrade);
	await client.until('\r\n\r\n');
	const check = new BulkCheck();
	client.socket.removeAllListeners('data');
	client.socket.on('data', (chunk: Buffer) => check.add(chunk));
	await writeBulk(client.socket, size);
	await until('all of it', () => check.received === size, 40_000);
	t.is(check.received, size);
});

test('a WebSocket of HTTP/2 goes through a stream of the backend', async t => {
	const {tunnel, seen} = await startEcho(t);
	const client = await openRawHttp2(t, tunnel);
	const fields: Fields = [
		[':method', 'CONNECT'],
		[':protocol', 'websocket'],
		[':scheme', 'https'],
		[':authority', 'localhost'],
		[':path', '/chat'],
		['sec-websocket-version', '13'],
	];
	client.send(frame.headers(1, fields, {endStream: false}), frame.data(1, 'there and back'));
	t.is(String((await client.next({type: 'DATA', stream: 1})).payload), 'there and back');
	client.send(frame.data(1, '', {endStream: true}));
	const {status} = await client.response(1);
	t.is(status, 200);
	t.is(seen[0]?.[':protocol'], 'websocket');
});

test('a client that vanishes ends its stream, and no other', async t => {
	const {tunnel, streams} = await startEcho(t);
	const leaving = await openTls(t, tunnel);
	const staying = await openTls(t, tunnel);
	for (const client of [leaving, staying]) {
		client.write(upgrade);
		await client.until('\r\n\r\n');
	}
	leaving.socket.destroy();
	await until('the end of its stream', () => streams[0]?.closed ?? false);
	staying.write('still there');
	await staying.until('still there');
	t.false(streams[1]?.closed);
});

test('a backend that breaks off a WebSocket breaks off its client', async t => {
	const {tunnel, streams} = await startEcho(t);
	const client = await openTls(t, tunnel);
	client.write(upgrade);
	await client.until('\r\n\r\n');
	streams[0]?.close(8);
	await client.closed();
	t.pass();
});

test('a backend that refuses a WebSocket is heard', async t => {
	const {tunnel} = await startEcho(t, 403);
	const client = await openTls(t, tunnel);
	client.write(upgrade);
	t.regex(await client.until('0\r\n\r\n'), /^HTTP\/1\.1 403 .*\r\n\r\n2\r\nno\r\n0\r\n\r\n$/s);
});

test('a backend that takes no WebSockets over HTTP/2 is said not to', async t => {
	const {route, server} = await startH2cServer(t);
	let streams = 0;
	server.on('stream', () => streams++);
	const tunnel = await startTunnel(t, route);
	const client = await openTls(t, tunnel);
	client.write(upgrade);
	const text = await client.closed();
	t.regex(text, /^HTTP\/1\.1 502 /);
	t.regex(text, /takes no WebSockets over HTTP\/2: it does not allow extended CONNECT/);
	t.is(streams, 0);
});

test('a wish for any other protocol is not passed on, and the request is', async t => {
	const {route, server} = await startH2cServer(t);
	server.on('stream', (stream, headers) => {
		stream.respond({'x-upgrade': String(headers.upgrade ?? headers[':protocol'])});
		stream.end('plain');
	});
	const tunnel = await startTunnel(t, route);
	const client = await openTls(t, tunnel);
	client.write(
		'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
	);
	const text = await client.until('0\r\n\r\n');
	t.regex(text, /^HTTP\/1\.1 200 /);
	t.regex(text, /\r\nx-upgrade: undefined\r\n/);
	t.is((await fetchEither(t, tunnel, 'HTTP/2')).body, 'plain');
});

for (const [what, frames] of [
	['closes', []],
	['does not begin with SETTINGS', [frame.ping()]],
	['sends a setting that may not be', [frame.settings([['ENABLE_CONNECT_PROTOCOL', 2]])]],
	['takes no streams', [frame.settings([['MAX_CONCURRENT_STREAMS', 0]])]],
] as const) {
	test(`a WebSocket to a backend that ${what} is refused`, async t => {
		const {route, peers} = await startRawHttp2Backend(t, 'nothing');
		const tunnel = await startTunnel(t, route);
		const client = await openTls(t, tunnel);
		client.write(upgrade);
		await until('a connection', () => peers.length > 0);
		frames.length === 0 ? peers[0]?.socket.end() : peers[0]?.send(...frames);
		t.regex(await client.closed(), /^HTTP\/1\.1 502 /);
		t.is(peers.length, 1);
	});
}
