import test from 'ava';
import {fetchEither} from '../helpers/either.js';
import {startRawHttp2Backend} from '../helpers/http2/backend.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {type Fields, get, indexed, literal, post} from '../helpers/http2/fields.js';
import {anyFrame, frame} from '../helpers/http2/frames.js';
import {type ErrorCode, largest} from '../helpers/http2/names.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const head = (stream: number, ...more: Fields) =>
	frame.headers(stream, [[':status', '200'], ...more], {endStream: false});

/** What is wrong with one response, and with no other. */
const streamFaults: ReadonlyArray<
	readonly [what: string, answer: (stream: number) => Buffer[], code?: ErrorCode]
> = [
	['no status', id => [frame.headers(id, [['x', 'y']])]],
	['a status of two digits', id => [frame.headers(id, [[':status', '20']])]],
	[
		'two statuses',
		id => [
			frame.headers(id, [
				[':status', '200'],
				[':status', '200'],
			]),
		],
	],
	[
		'a status behind another field',
		id => [
			frame.headers(id, [
				['x', 'y'],
				[':status', '200'],
			]),
		],
	],
	[
		'a pseudo-header of requests',
		id => [
			frame.headers(id, [
				[':status', '200'],
				[':path', '/'],
			]),
		],
	],
	['status 101', id => [frame.headers(id, [[':status', '101']])]],
	['an upper-case name', id => [head(id, ['X-Upper', 'y'])]],
	['a line break in a value', id => [head(id, ['x', 'y\r\nset-cookie: a=b'])]],
	['NUL in a value', id => [head(id, ['x', 'y\0'])]],
	['a colon in a name', id => [head(id, ['x:y', 'z'])]],
	['connection', id => [head(id, ['connection', 'close'])]],
	['transfer-encoding', id => [head(id, ['transfer-encoding', 'chunked'])]],
	['two lengths', id => [head(id, ['content-length', '1'], ['content-length', '1'])]],
	['a length that is none', id => [head(id, ['content-length', '+1'])]],
	['a body before the head', id => [frame.data(id, 'x')]],
	['an end before the head', id => [frame.data(id, '', {endStream: true})]],
	['an informational response that ends', id => [frame.headers(id, [[':status', '103']])]],
	[
		'a header section of 2000 fields',
		id => [head(id, ...Array<[string, string]>(2000).fill(['x', 'y']))],
	],
];

for (const [what, answer, code = 'PROTOCOL_ERROR'] of streamFaults) {
	test(`${what}: the request fails, and the connection goes on`, async t => {
		const backend = await startRawHttp2Backend(t);
		const tunnel = await startTunnel(t, backend.route);
		const response = fetchEither(t, tunnel, 'HTTP/2');
		const peer = await backend.peer();
		const {stream} = await backend.request(peer);
		peer.send(...answer(stream));
		t.is((await peer.next({type: 'RST_STREAM', stream})).code, code);
		const {status, headers, body} = await response;
		t.is(status, 502);
		t.is(headers['sealport-error'], 'backend-malformed');
		t.regex(body, /sent what is not HTTP\/2: (its? |a body comes)/);
		t.notRegex(JSON.stringify(headers), /a=b/);
		const next = fetchEither(t, tunnel, 'HTTP/2');
		const second = await backend.request(peer);
		peer.send(frame.headers(second.stream, [[':status', '204']]));
		t.is((await next).status, 204);
	});
}

for (const [what, ...frames] of [
	[
		'more than announced',
		(id: number) => [head(id, ['content-length', '3']), frame.data(id, 'four')],
	],
	[
		'less than announced',
		(id: number) => [head(id, ['content-length', '9']), frame.data(id, 'x', {endStream: true})],
	],
	['fields in the middle', (id: number) => [head(id), frame.data(id, 'x'), head(id)]],
	[
		'a pseudo-header in its trailers',
		(id: number) => [head(id), frame.headers(id, [[':status', '200']])],
	],
	['a reset in the middle', (id: number) => [head(id), frame.data(id, 'x'), frame.reset(id)]],
	['a reset without an error', (id: number) => [head(id), frame.reset(id, 'NO_ERROR')]],
] as const) {
	test(`a body with ${what} is cut short`, async t => {
		const backend = await startRawHttp2Backend(t);
		const tunnel = await startTunnel(t, backend.route);
		const client = await openTls(t, tunnel);
		client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
		const peer = await backend.peer();
		const {stream} = await backend.request(peer);
		peer.send(...(frames[0]?.(stream) ?? []));
		const text = await client.closed();
		t.regex(text, /^HTTP\/1\.1 200 /);
		t.false(text.endsWith('0\r\n\r\n'));
	});
}

/** What ends the connection, and with it all requests on it. */
const connectionFaults: ReadonlyArray<
	readonly [what: string, answer: (stream: number) => Buffer[], code: ErrorCode]
> = [
	['a frame for a stream that nobody opened', () => [frame.data(99, 'x')], 'PROTOCOL_ERROR'],
	['a stream of its own', () => [frame.headers(2, [[':status', '200']])], 'PROTOCOL_ERROR'],
	['PUSH_PROMISE', id => [frame.pushPromise(id, 2, get())], 'PROTOCOL_ERROR'],
	['a frame that is too large', id => [anyFrame('DATA', 0, id, '', 16_385)], 'FRAME_SIZE_ERROR'],
	['a window beyond all bounds', () => [frame.windowUpdate(0, largest)], 'FLOW_CONTROL_ERROR'],
	['a window that grows by nothing', () => [frame.windowUpdate(0, 0)], 'PROTOCOL_ERROR'],
	['an index that no table has', id => [frame.headers(id, indexed(99))], 'COMPRESSION_ERROR'],
	[
		'a setting that may not be',
		() => [frame.settings([['INITIAL_WINDOW_SIZE', largest + 1]])],
		'FLOW_CONTROL_ERROR',
	],
	[
		'fields without end',
		id => [
			frame.headers(id, literal('x', 'y'.repeat(10_000)), {endHeaders: false}),
			...Array.from({length: 12}, () =>
				frame.continuation(id, literal('x', 'y'.repeat(10_000)), false),
			),
		],
		'ENHANCE_YOUR_CALM',
	],
];

for (const [what, answer, code] of connectionFaults) {
	test(`${what} ends the connection with ${code}, and the next request gets another`, async t => {
		const backend = await startRawHttp2Backend(t);
		const tunnel = await startTunnel(t, backend.route);
		const response = fetchEither(t, tunnel, 'HTTP/2', {method: 'POST', body: 'x'});
		const peer = await backend.peer();
		const {stream} = await backend.request(peer);
		peer.send(...answer(stream));
		t.is((await peer.next({type: 'GOAWAY'})).code, code);
		const {status, headers, body} = await response;
		t.is(status, 502);
		t.is(headers['sealport-error'], 'backend-malformed');
		t.regex(body, /sent what is not HTTP\/2: /);
		await peer.closed();
		const next = fetchEither(t, tunnel, 'HTTP/2');
		const second = await backend.peer(1);
		second.send(frame.headers((await backend.request(second)).stream, [[':status', '204']]));
		t.is((await next).status, 204);
	});
}

test('a first frame other than SETTINGS is an error', async t => {
	const backend = await startRawHttp2Backend(t, 'nothing');
	const tunnel = await startTunnel(t, backend.route);
	const response = fetchEither(t, tunnel, 'HTTP/2');
	const peer = await backend.peer();
	peer.send(frame.ping());
	const {status, body} = await response;
	t.is(status, 502);
	t.regex(body, /first frame is not SETTINGS/);
});

test('a backend that sends more than its window is stopped', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const client = await openRawHttp2(t, tunnel, {settings: [['INITIAL_WINDOW_SIZE', 0]]});
	client.send(frame.headers(1, get()));
	const peer = await backend.peer();
	const {stream} = await backend.request(peer);
	peer.send(head(stream), ...Array<Buffer>(17).fill(frame.data(stream, Buffer.alloc(16_384))));
	t.is((await peer.next({type: 'RST_STREAM', stream})).code, 'FLOW_CONTROL_ERROR');
	await client.next({type: 'RST_STREAM', stream: 1});
});

test('a client that takes nothing gets the backend no further than its window', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const client = await openRawHttp2(t, tunnel, {settings: [['INITIAL_WINDOW_SIZE', 0]]});
	client.send(frame.headers(1, get()));
	const peer = await backend.peer();
	const {stream} = await backend.request(peer);
	peer.send(head(stream), ...Array<Buffer>(12).fill(frame.data(stream, Buffer.alloc(16_384))));
	peer.send(frame.ping());
	await peer.next({type: 'PING', ack: true});
	t.false(peer.frames.some(({type, stream: id}) => type === 'WINDOW_UPDATE' && id === stream));
	client.send(frame.windowUpdate(1, largest - 70_000), frame.windowUpdate(0, 1_000_000));
	const {payload} = await peer.next({type: 'WINDOW_UPDATE', stream});
	t.is(payload.readUInt32BE(0), 12 * 16_384);
});

test('the windows of the backend are kept to, when they change with open streams too', async t => {
	const backend = await startRawHttp2Backend(t, [['INITIAL_WINDOW_SIZE', 10]]);
	const tunnel = await startTunnel(t, backend.route);
	const first = fetchEither(t, tunnel, 'HTTP/2', {path: '/first'});
	const peer = await backend.peer();
	peer.send(frame.headers((await backend.request(peer)).stream, [[':status', '204']]));
	await first;
	const client = await openRawHttp2(t, tunnel);
	client.send(frame.headers(1, post(), {endStream: false}), frame.data(1, 'x'.repeat(100)));
	const {stream} = await backend.request(peer);
	t.is((await peer.next({type: 'DATA', stream})).payload.length, 10);
	peer.send(frame.windowUpdate(stream, 5));
	t.is((await peer.next({type: 'DATA', stream})).payload.length, 5);
	// Below nothing, and up again.
	peer.send(frame.settings([['INITIAL_WINDOW_SIZE', 0]]), frame.windowUpdate(stream, 3));
	peer.send(frame.settings([['INITIAL_WINDOW_SIZE', 30]]));
	t.is((await peer.next({type: 'DATA', stream})).payload.length, 23);
	client.send(frame.data(1, '', {endStream: true}));
	peer.send(frame.windowUpdate(stream, 1000));
	await until('the end of the request', () =>
		peer.frames.some(({endStream, stream: id}) => endStream && id === stream),
	);
	const data = peer.frames.filter(({type, stream: id}) => type === 'DATA' && id === stream);
	t.is(String(Buffer.concat(data.map(({payload}) => payload))), 'x'.repeat(100));
	peer.send(frame.headers(stream, [[':status', '200']]));
	t.is((await client.response(1)).status, 200);
});

test('a backend that sends PING without end and reads nothing is let go', async t => {
	t.timeout(60_000);
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const response = fetchEither(t, tunnel, 'HTTP/2', {method: 'POST', body: 'x'});
	const peer = await backend.peer();
	await backend.request(peer);
	peer.socket.pause();
	const pings = Buffer.concat(Array<Buffer>(10_000).fill(frame.ping()));
	for (let turn = 0; turn < 1000 && !peer.socket.destroyed; turn++) {
		if (!peer.socket.write(pings)) {
			await new Promise(resolve => setTimeout(resolve, 5));
		}
	}
	const {status, headers} = await response;
	t.is(status, 502);
	t.is(headers['sealport-error'], 'backend-malformed');
});

test('more than a hundred informational responses are too many', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const response = fetchEither(t, tunnel, 'HTTP/2');
	const peer = await backend.peer();
	const {stream} = await backend.request(peer);
	const hint = frame.headers(stream, [[':status', '103']], {endStream: false});
	peer.send(...Array<Buffer>(101).fill(hint));
	const {status, body} = await response;
	t.is(status, 502);
	t.regex(body, /more than 100 informational responses/);
});

test('what a client sends behind a response that has ended its stream is for nobody', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const client = await openRawHttp2(t, tunnel);
	client.send(frame.headers(1, post(), {endStream: false}));
	const peer = await backend.peer();
	const {stream} = await backend.request(peer);
	// As RFC 9113 section 8.1 has it.
	peer.send(frame.headers(stream, [[':status', '200']]), frame.reset(stream, 'NO_ERROR'));
	t.is((await client.response(1)).status, 200);
	client.send(frame.data(1, 'late'), frame.data(1, '', {endStream: true}), frame.headers(3, get()));
	const next = await backend.request(peer);
	peer.send(frame.headers(next.stream, [[':status', '204']]));
	t.is((await client.response(3)).status, 204);
	t.deepEqual(
		peer.frames.filter(each => each.type === 'DATA'),
		[],
	);
});
