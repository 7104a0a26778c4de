import {once} from 'node:events';
import type {Socket} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {type Http2Client, openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive, expectStreamError} from '../helpers/http2/expect.js';
import {type Fields, request} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {http2Stage} from '../helpers/http2/stage.js';
import {sender} from '../helpers/http2/windows.js';
import {until} from '../helpers/until.js';

const stage = http2Stage();

const connect = (path: string, protocol = 'websocket', ...more: Fields): Fields => [
	[':protocol', protocol],
	...request('CONNECT', path),
	['sec-websocket-version', '13'],
	...more,
];

/** Opens a WebSocket on stream 1, and waits until it is open. */
async function open(t: ExecutionContext, path: string): Promise<Http2Client> {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, connect(path), {endStream: false}));
	const {endStream} = await client.next({type: 'HEADERS', stream: 1});
	t.false(endStream);
	return client;
}

const echoed = (client: Http2Client, on = 1) =>
	Buffer.concat(
		client.frames
			.filter(({type, stream}) => type === 'DATA' && stream === on)
			.map(({payload}) => payload),
	).toString('latin1');

test('RFC 8441, 5: a WebSocket opens with 200, and carries bytes both ways', async t => {
	const client = await open(t, '/socket');
	client.send(frame.data(1, 'one, '), frame.data(1, 'two', {padding: 10}));
	await until('the echo', () => echoed(client) === 'one, two');
	client.send(frame.data(1, '', {endStream: true}));
	const {status, fields} = await client.response(1);
	t.is(status, 200);
	const names = fields.map(([name]) => name);
	t.true(names.includes('x-kept'));
	for (const name of ['upgrade', 'connection', 'sec-websocket-accept', 'sec-websocket-key']) {
		t.false(names.includes(name), name);
	}
	await expectAlive(t, client);
});

test('RFC 8441, 5: the backend sees a handshake of HTTP/1.1', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const fields = connect(
		'/handshake?a=1',
		'websocket',
		['sec-websocket-protocol', 'chat'],
		['origin', 'https://localhost'],
	);
	client.send(frame.headers(1, fields, {endStream: false}));
	const {request: seen} = await stage().opened('/handshake?a=1');
	t.is(seen.method, 'GET');
	t.is(seen.headers.upgrade, 'websocket');
	t.regex(seen.headers.connection ?? '', /^upgrade$/i);
	t.is(seen.headers['sec-websocket-version'], '13');
	t.is(seen.headers['sec-websocket-protocol'], 'chat');
	t.is(Buffer.from(seen.headers['sec-websocket-key'] ?? '', 'base64').length, 16);
	t.is(seen.headers.host, 'localhost');
	t.is(seen.headers['transfer-encoding'], undefined);
	t.is(seen.headers['content-length'], undefined);
});

test('RFC 8441, 5: bytes that come with the handshake reach the backend behind it', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, connect('/eager'), {endStream: false}), frame.data(1, 'eager'));
	await until('the echo', () => echoed(client) === 'eager');
	await expectAlive(t, client);
});

test('RFC 8441, 5: END_STREAM of the client ends the way to the backend', async t => {
	const client = await open(t, '/ends');
	const {socket} = await stage().opened('/ends');
	const ended = once(socket, 'end');
	client.send(frame.data(1, 'last words', {endStream: true}));
	await ended;
	await client.response(1);
	t.is(echoed(client), 'last words');
	await expectAlive(t, client);
});

test('RFC 8441, 5: the end of the backend ends the stream', async t => {
	const client = await open(t, '/backend-ends');
	const {socket} = await stage().opened('/backend-ends');
	socket.end('good-bye');
	t.is(String((await client.response(1)).body), 'good-bye');
	await expectAlive(t, client);
});

test('RFC 8441, 5: RST_STREAM closes the connection to the backend', async t => {
	const client = await open(t, '/reset');
	const {socket} = await stage().opened('/reset');
	const closed = once(socket, 'close');
	client.send(frame.reset(1, 'CANCEL'));
	await closed;
	await expectAlive(t, client);
});

test('RFC 8441, 5: a connection to the backend that breaks resets the stream with CANCEL', async t => {
	const client = await open(t, '/breaks');
	const {socket} = await stage().opened('/breaks');
	(socket as Socket).resetAndDestroy();
	t.is((await client.next({type: 'RST_STREAM', stream: 1})).code, 'CANCEL');
	await expectAlive(t, client);
});

test('RFC 8441, 5: a refusal of the backend is its response', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, connect('/refuses'), {endStream: false}));
	const {status, body} = await client.response(1);
	t.deepEqual([status, String(body)], [403, 'no']);
	await expectAlive(t, client);
});

test('RFC 9220, 3: a protocol that is not known is refused with 501', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, connect('/unknown', 'connect-udp'), {endStream: false}));
	const {status} = await client.response(1);
	t.is(status, 501);
	t.false(stage().hasSeen('/unknown'));
	await expectAlive(t, client);
});

test('RFC 8441, 5: flow control holds for a tunnel, in both directions', async t => {
	const client = await open(t, '/flow');
	const size = 400_000;
	const {send} = sender(client);
	for (let sent = 0; sent < size; sent += 10_000) {
		await send(1, 10_000);
		client.send(frame.windowUpdate(0, 10_000), frame.windowUpdate(1, 10_000));
	}
	await until('the echo', () => echoed(client).length === size);
	await expectAlive(t, client);
});

test('RFC 8441, 4: streams beside a tunnel are served', async t => {
	const client = await open(t, '/beside');
	client.send(frame.headers(3, request('GET', '/size/100')), frame.data(1, 'still'));
	t.is((await client.response(3)).body.length, 100);
	await until('the echo', () => echoed(client) === 'still');
});

for (const endStream of [true, false]) {
	test(`8.5: HEADERS that ${endStream ? 'end' : 'do not end'} the stream are an error on a tunnel`, async t => {
		const client = await open(t, `/headers?${endStream}`);
		const {socket} = await stage().opened(`/headers?${endStream}`);
		const closed = once(socket, 'close');
		client.send(frame.headers(1, [['x-sum', '1']], {endStream}));
		await expectStreamError(t, client, 1, 'PROTOCOL_ERROR');
		await closed;
	});
}

test('RFC 8441, 5: a tunnel whose client has ended its side from the start', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, connect('/ended')));
	t.is((await client.response(1)).status, 200);
	await expectAlive(t, client);
});
