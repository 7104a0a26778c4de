import {createHash} from 'node:crypto';
import test, {type ExecutionContext} from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive, expectStreamError, settled} from '../helpers/http2/expect.js';
import {type Fields, request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import type {Http2Peer} from '../helpers/http2/peer.js';
import {readBlock} from '../helpers/http2/read-block.js';
import type {RawClient} from '../helpers/raw-client.js';
import {answering, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

/** The fields that ask for a WebSocket (RFC 8441 section 4), and others behind them. */
const webSocket = (...more: Fields) =>
	request('CONNECT', '/chat', [':protocol', 'websocket'], ['sec-websocket-version', '13'], ...more);

/** What the backend agrees by, and what it says besides. */
function agreement(asked: string, more = ''): string {
	const key = /^sec-websocket-key: *(.*)\r$/im.exec(asked)?.[1];
	const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
	return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}Sec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`;
}

/** A client, and a backend that does what `script` says and answers without a body to what is no upgrade. */
async function join(
	t: ExecutionContext,
	script: (backend: RawClient, asked: string) => unknown = () => undefined,
) {
	const backend = await startScripted(t, async connection => {
		const asked = await connection.until('\r\n\r\n');
		if (/^upgrade:/im.test(asked)) {
			await script(connection, asked);
		} else {
			answering('HTTP/1.1 204 No Content\r\n\r\n')(connection);
			connection.write('HTTP/1.1 204 No Content\r\n\r\n');
		}
	});
	const tunnel = await startTunnel(t, backend.port, {lane: 'wire'});
	return {backend, tunnel, client: await openRawHttp2(t, tunnel)};
}

/** The frames on stream 1 behind those that there were. */
const laterFrames = (client: Http2Peer, before: number) =>
	client.frames
		.slice(before)
		.filter(({stream}) => stream === 1)
		.map(({type}) => type);

const opens =
	(more = '') =>
	(backend: RawClient, asked: string) =>
		backend.write(agreement(asked, more));

for (const length of ['0', '5']) {
	test(`a request for a WebSocket that announces a body of ${length} octets is malformed`, async t => {
		const {client, backend} = await join(t, connection =>
			connection.write('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'),
		);
		client.send(frame.headers(1, webSocket(['content-length', length]), {endStream: false}));
		await expectStreamError(t, client, 1, 'PROTOCOL_ERROR');
		t.notRegex(backend.received, /content-length/i);
	});
}

test('the backend is sent one Sec-WebSocket-Key, which is not of the client', async t => {
	const {client, backend} = await join(t, opens());
	client.send(
		frame.headers(1, webSocket(['sec-websocket-key', 'Y2xpZW50J3Mga2V5ISEhIQ==']), {
			endStream: false,
		}),
	);
	const {payload} = await client.next({type: 'HEADERS', stream: 1});
	t.deepEqual(readBlock(payload)[0], [':status', '200']);
	const keys = [...backend.received.matchAll(/^sec-websocket-key: *(.*)\r$/gim)];
	t.is(keys.length, 1);
	t.not(keys[0]?.[1], 'Y2xpZW50J3Mga2V5ISEhIQ==');
});

test('what the backend says of a body as it opens a WebSocket is not passed on', async t => {
	const {client} = await join(t, opens('Content-Length: 0\r\nX-More: 1\r\n'));
	client.send(frame.headers(1, webSocket(), {endStream: false}));
	const {payload} = await client.next({type: 'HEADERS', stream: 1});
	t.deepEqual(readBlock(payload), [
		[':status', '200'],
		['x-more', '1'],
	]);
});

test('nothing is sent on a WebSocket that its client has reset', async t => {
	const {client, backend} = await join(t, opens());
	client.send(frame.headers(1, webSocket(), {endStream: false}));
	await client.next({type: 'HEADERS', stream: 1});
	const before = client.frames.length;
	client.send(frame.reset(1));
	const connection = await backend.connection();
	connection.socket.end();
	await connection.closed();
	await expectAlive(t, client);
	await settled(client);
	t.deepEqual(laterFrames(client, before), []);
});

test('nothing is sent on a WebSocket that both sides have ended', async t => {
	const {client, backend} = await join(t, opens());
	client.send(frame.headers(1, webSocket(), {endStream: false}));
	await client.next({type: 'HEADERS', stream: 1});
	const before = client.frames.length;
	client.send(frame.data(1, '', {endStream: true}));
	const connection = await backend.connection();
	connection.socket.end();
	await connection.closed();
	await client.next({type: 'DATA', stream: 1, endStream: true});
	await expectAlive(t, client);
	await settled(client);
	t.deepEqual(laterFrames(client, before), ['DATA']);
});

test('a WebSocket that its client ends with the request for it is ended at the backend', async t => {
	let ended = false;
	const {client} = await join(t, (connection, asked) => {
		connection.socket.on('end', () => {
			ended = true;
		});
		connection.write(agreement(asked));
	});
	client.send(frame.headers(1, webSocket()));
	await client.next({type: 'DATA', stream: 1, endStream: true});
	await until('the backend sees the end', () => ended);
	await expectAlive(t, client);
});

test('what a backend sends behind a switch that nobody asked for is not part of the answer', async t => {
	const {port} = await startScripted(t, async connection => {
		await connection.until('\r\n\r\n');
		connection.write(
			'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nunasked for',
		);
	});
	const tunnel = await startTunnel(t, port, {lane: 'wire'});
	const client = await openRawHttp2(t, tunnel, {settings: [['INITIAL_WINDOW_SIZE', 0]]});
	client.send(frame.headers(1, request('GET', '/')));
	await client.next({type: 'HEADERS', stream: 1});
	client.send(frame.windowUpdate(1, 1000));
	const {status, fields, body} = await client.response(1);
	t.is(status, 502);
	t.is(new Map(fields).get('content-length'), String(body.length));
	t.notRegex(body.toString(), /unasked for/);
});
