import {setTimeout as pause} from 'node:timers/promises';
import ava, {type ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {type ClientOptions, type Http2Client, openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive, expectConnectionError} from '../helpers/http2/expect.js';
import {get, post} from '../helpers/http2/fields.js';
import {anyFrame, frame, type Settings} from '../helpers/http2/frames.js';
import {preface} from '../helpers/http2/names.js';
import {onLane} from '../helpers/lanes.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const test = onLane('wire', ava);

const patient = {handshake: 60_000, head: 60_000, idle: 60_000};
const large = Buffer.alloc(2 ** 24, 'l');

interface Setting {
	readonly client: Http2Client;
	/** Connections to the backend. */
	readonly backend: ReadonlySet<unknown>;
}

/** A tunnel with these limits, a client of it, and a backend that answers `/large`, `/empty` and nothing else. */
async function open(
	t: ExecutionContext,
	limits: Partial<typeof patient>,
	options: ClientOptions = {},
): Promise<Setting> {
	const backend = new Set<unknown>();
	const {port, server} = await startBackend(t, (request, response) => {
		response.on('error', () => undefined);
		if (request.url === '/large') {
			response.end(large);
		} else if (request.url === '/empty') {
			response.writeHead(204).end();
		}
	});
	server.on('connection', socket => {
		backend.add(socket);
		socket.once('close', () => backend.delete(socket));
	});
	const tunnel = await startTunnel(t, port, {limits: {...patient, ...limits}});
	return {client: await openRawHttp2(t, tunnel, options), backend};
}

const closed: Settings = [['INITIAL_WINDOW_SIZE', 0]];

test('a client that closes its windows and leaves them so is let go of, and so is the backend', async t => {
	const {client, backend} = await open(t, {idle: 300}, {settings: closed});
	client.send(frame.headers(1, get('/large')), frame.headers(3, get('/large')));
	await client.next({type: 'HEADERS', stream: 1});
	for (const stream of [1, 3]) {
		const {code} = await client.next({type: 'RST_STREAM', stream});
		t.is(code, 'ENHANCE_YOUR_CALM');
	}
	await until('the backend is let go of', () => backend.size === 0);
});

test('a client that closes the window of the connection only is let go of', async t => {
	const {client, backend} = await open(
		t,
		{idle: 300},
		{settings: [['INITIAL_WINDOW_SIZE', 2 ** 30]]},
	);
	client.send(frame.headers(1, get('/large')));
	await expectConnectionError(t, client, 'ENHANCE_YOUR_CALM');
	const octets = client.frames
		.filter(({type}) => type === 'DATA')
		.map(({payload}) => payload.length);
	t.is(
		octets.reduce((sum, each) => sum + each, 0),
		65_535,
	);
	await until('the backend is let go of', () => backend.size === 0);
});

test('a client that does not read is let go of, and so is the backend', async t => {
	const {client, backend} = await open(t, {idle: 500}, {wide: true});
	client.socket.pause();
	client.send(...[1, 3, 5, 7].map(id => frame.headers(id, get('/large'))));
	await until('the backend has the requests', () => backend.size > 0);
	await until('the backend is let go of', () => backend.size === 0);
	client.socket.resume();
	const frames = await client.closed();
	t.false(
		frames.some(({type, endStream}) => type === 'DATA' && endStream),
		'nothing seems complete',
	);
});

test('a client that reads slowly, but reads, is served to the end', async t => {
	t.timeout(60_000);
	const {client} = await open(t, {idle: 2000});
	client.send(frame.headers(1, get('/large')));
	let received = 0;
	while (received < 100_000) {
		const {payload} = await client.next({type: 'DATA', stream: 1});
		received += payload.length;
		await pause(400);
		client.send(frame.windowUpdate(0, payload.length), frame.windowUpdate(1, payload.length));
	}
	await expectAlive(t, client);
});

const incomplete: Record<string, readonly Buffer[]> = {
	'the head of a frame': [frame.ping().subarray(0, 5)],
	'a PING': [frame.ping().subarray(0, 12)],
	HEADERS: [frame.headers(1, get('/empty')).subarray(0, 30)],
	'HEADERS without its CONTINUATION': [frame.headers(1, get('/empty'), {endHeaders: false})],
	'a frame that nobody knows': [anyFrame(0xab, 0, 0, 'part', 1000)],
};

for (const [what, bytes] of Object.entries(incomplete)) {
	test(`a client that begins ${what} and does not go on is let go of`, async t => {
		const {client, backend} = await open(t, {head: 300});
		client.send(...bytes);
		await expectConnectionError(t, client, 'ENHANCE_YOUR_CALM');
		t.is(backend.size, 0);
	});
}

test('a client that sends a block octet by octet is let go of all the same', async t => {
	const {client, backend} = await open(t, {head: 500});
	const block = Buffer.concat([frame.headers(1, get('/empty'), {endHeaders: false})]);
	client.send(block);
	const timer = setInterval(() => client.send(frame.continuation(1, Buffer.alloc(0), false)), 50);
	t.teardown(() => clearInterval(timer));
	await expectConnectionError(t, client, 'ENHANCE_YOUR_CALM');
	t.is(backend.size, 0);
});

test('a client that sends part of the preface, or none, is let go of', async t => {
	for (const octets of [0, 5, preface.length - 1]) {
		const {client} = await open(t, {head: 300}, {greeting: preface.subarray(0, octets)});
		await client.closed();
	}
	t.pass();
});

test('a client that keeps a connection with PING, and asks for nothing, is let go of', async t => {
	const {client} = await open(t, {idle: 500});
	client.send(frame.headers(1, get('/empty')));
	await client.response(1);
	const timer = setInterval(() => client.send(frame.ping()), 50);
	t.teardown(() => clearInterval(timer));
	await expectConnectionError(t, client, 'NO_ERROR');
});

test('a client that sends PING in halves all the time, and asks for nothing, is let go of', async t => {
	const {client} = await open(t, {idle: 500});
	client.send(frame.headers(1, get('/empty')));
	await client.response(1);
	let isSecond = false;
	const timer = setInterval(() => {
		client.send(isSecond ? frame.ping().subarray(9) : frame.ping().subarray(0, 9));
		isSecond = !isSecond;
	}, 30);
	t.teardown(() => clearInterval(timer));
	await expectConnectionError(t, client, 'NO_ERROR');
});

test('an upload that stands still is given up, and the connection goes on', async t => {
	const {client, backend} = await open(t, {idle: 500});
	client.send(frame.headers(1, post('/upload'), {endStream: false}), frame.data(1, 'half'));
	await until('the backend has the request', () => backend.size > 0);
	const {type} = await client.next(({stream}) => stream === 1);
	t.true(type === 'HEADERS' || type === 'RST_STREAM');
	await until('the backend is let go of', () => backend.size === 0);
	await expectAlive(t, client);
});

test('an upload that is slow, but goes on, is served', async t => {
	t.timeout(60_000);
	const {client, backend} = await open(t, {idle: 1000});
	client.send(frame.headers(1, post('/upload'), {endStream: false}));
	await until('the backend has the request', () => backend.size > 0);
	for (let octet = 0; octet < 20; octet++) {
		client.send(frame.data(1, 'x'));
		await pause(150);
	}
	t.false(client.frames.some(({stream}) => stream === 1));
	t.is(backend.size, 1);
});

test('an upload of empty frames stands still, too', async t => {
	const {client, backend} = await open(t, {idle: 500});
	client.send(frame.headers(1, post('/upload'), {endStream: false}), frame.data(1, 'half'));
	const timer = setInterval(() => client.send(frame.data(1, '')), 50);
	t.teardown(() => clearInterval(timer));
	await until('the backend has the request', () => backend.size > 0);
	await until('the backend is let go of', () => backend.size === 0);
	t.pass();
});
