import test, {type ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {get, post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {largest} from '../helpers/http2/names.js';
import {http2Stage} from '../helpers/http2/stage.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const stage = http2Stage();

for (const [what, bytes] of [
	['without an error', frame.goaway()],
	['with an error', frame.goaway(0, 'INTERNAL_ERROR')],
	['with an error that nobody knows', frame.goaway(0, 99)],
	['with words for people', frame.goaway(0, 'NO_ERROR', 'good-bye'.repeat(100))],
	['about streams that there are not', frame.goaway(largest)],
] as const) {
	test(`6.8: GOAWAY of the client ${what}: what is under way is completed`, async t => {
		const client = await openRawHttp2(t, stage().tunnel);
		const path = `/held?${encodeURIComponent(what)}`;
		client.send(frame.headers(1, get(path)), frame.headers(3, post('/echo'), {endStream: false}));
		const {response} = await stage().seen(path);
		client.send(bytes, frame.data(3, 'body', {endStream: true}));
		t.is(String((await client.response(3)).body), 'body');
		response.end('at last');
		t.is(String((await client.response(1)).body), 'at last');
		// Nothing more can come of the connection.
		await client.closed();
		t.true(client.frames.every(({type, code}) => type !== 'GOAWAY' || code === 'NO_ERROR'));
	});
}

test('6.8: GOAWAY of the client more than once', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	client.send(frame.headers(1, get('/held?goaways')));
	const {response} = await stage().seen('/held?goaways');
	client.send(frame.goaway(largest), frame.goaway(0), frame.goaway(0));
	response.end('at last');
	t.is(String((await client.response(1)).body), 'at last');
});

/** A tunnel whose backend answers when it is told to. */
async function startHeld(t: ExecutionContext) {
	const held: Array<() => void> = [];
	const paths: string[] = [];
	const {port} = await startBackend(t, (request, response) => {
		paths.push(request.url ?? '');
		if (request.url === '/quick' || request.url === '/empty') {
			response.end('quick');
		} else {
			held.push(() => response.end('at last'));
		}
	});
	const tunnel = await startTunnel(t, `127.0.0.1:${port}`, {lane: 'wire'});
	return {
		tunnel,
		paths,
		has: (count: number) => until(`${count} requests`, () => held.length >= count),
		answer: () => {
			for (const end of held.splice(0)) {
				end();
			}
		},
	};
}

test('6.8: draining, the server says first that it will end, and then where; what is under way is completed', async t => {
	const {tunnel, has, answer, paths} = await startHeld(t);
	const client = await openRawHttp2(t, tunnel);
	client.send(frame.headers(1, get('/a')), frame.headers(3, get('/b')));
	await has(2);
	const closing = tunnel.close(60_000);
	const first = await client.next({type: 'GOAWAY'});
	t.deepEqual([first.payload.readUInt32BE(0), first.code, first.stream], [largest, 'NO_ERROR', 0]);
	// The server measures by PING when the client has read that.
	const ping = await client.next({type: 'PING', ack: false});
	// Opened before the client has seen it: on its way.
	client.send(frame.headers(5, get('/c')));
	await has(3);
	client.send(frame.ping(ping.payload.toString('latin1'), true));
	const second = await client.next({type: 'GOAWAY'});
	t.deepEqual([second.payload.readUInt32BE(0), second.code], [5, 'NO_ERROR']);
	client.send(frame.headers(7, get('/late')), frame.headers(9, post('/later'), {endStream: false}));
	client.send(frame.data(9, 'body', {endStream: true}), frame.ping('still on'));
	await client.next(({type, ack}) => type === 'PING' && ack);
	answer();
	for (const on of [1, 3, 5]) {
		t.is(String((await client.response(on)).body), 'at last');
	}
	const frames = await client.closed();
	await closing;
	t.deepEqual(paths.sort(), ['/a', '/b', '/c']);
	for (const {type, stream, code} of frames) {
		if (stream > 5) {
			t.deepEqual([type, code], ['RST_STREAM', 'REFUSED_STREAM']);
		}
		t.true(type !== 'GOAWAY' || code === 'NO_ERROR');
	}
});

test('6.8: the last stream never grows from one GOAWAY to the next', async t => {
	const {tunnel, has, answer} = await startHeld(t);
	const client = await openRawHttp2(t, tunnel);
	client.send(frame.headers(1, get('/a')));
	await has(1);
	const closing = tunnel.close(60_000);
	await client.peek({type: 'GOAWAY'});
	answer();
	await client.response(1);
	const frames = await client.closed();
	await closing;
	const lasts = frames
		.filter(({type}) => type === 'GOAWAY')
		.map(({payload}) => payload.readUInt32BE(0));
	t.deepEqual(
		lasts,
		lasts.toSorted((one, other) => other - one),
	);
	t.is(lasts[0], largest);
	t.is(lasts.at(-1), 1);
});

test('6.8: draining, an upload that is under way is completed', async t => {
	const {tunnel, has, answer} = await startHeld(t);
	const client = await openRawHttp2(t, tunnel);
	client.send(frame.headers(1, post('/up'), {endStream: false}), frame.data(1, 'half'));
	await has(1);
	const closing = tunnel.close(60_000);
	await client.next({type: 'GOAWAY'});
	client.send(frame.data(1, 'half', {endStream: true}), frame.ping('complete'));
	await client.next(({type, ack}) => type === 'PING' && ack);
	answer();
	t.is(String((await client.response(1)).body), 'at last');
	await client.closed();
	await closing;
});

test('6.8: draining, a connection without a stream is told and closed at once', async t => {
	const {tunnel} = await startHeld(t);
	const client = await openRawHttp2(t, tunnel);
	await expectAlive(t, client);
	const closing = tunnel.close(60_000);
	const frames = await client.closed();
	await closing;
	t.is(frames.at(-1)?.type, 'GOAWAY');
	t.is(frames.at(-1)?.code, 'NO_ERROR');
});
