import {setTimeout as pause} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {startRawBackend} from '../helpers/backend.js';
import {expectAllowed} from '../helpers/http2/cases.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive, settled} from '../helpers/http2/expect.js';
import {post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import type {Http2Peer} from '../helpers/http2/peer.js';
import {http2Stage} from '../helpers/http2/stage.js';
import {type Sender, sender} from '../helpers/http2/windows.js';
import {startTunnel} from '../helpers/tunnel.js';

const stage = http2Stage();

/** A connection to a tunnel whose backend takes everything that it is sent on `/empty` and reads nothing else. */
async function openStalled(t: ExecutionContext) {
	const backend = await startRawBackend(t, socket => {
		socket.once('data', (bytes: Buffer) => {
			if (bytes.includes(' /empty ')) {
				socket.write('HTTP/1.1 204 No Content\r\n\r\n');
			} else {
				socket.pause();
			}
		});
	});
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {lane: 'wire'});
	const client = await openRawHttp2(t, tunnel);
	return {client, sends: sender(client)};
}

/** Sends what may be sent on a stream, until nothing more may be for a while. */
async function fill(client: Http2Peer, sends: Sender, stream: number): Promise<void> {
	for (let quiet = 0; quiet < 5; quiet++) {
		for (let most = sends.left(stream); most > 0; most = sends.left(stream)) {
			sends.data(stream, Math.min(16_384, most));
			quiet = 0;
		}
		await settled(client);
		await pause(30);
	}
}

const upload = (stream: number, path = '/up') =>
	frame.headers(stream, post(path), {endStream: false});

for (const [what, send] of [
	['an octet of data', (sends: Sender) => sends.data(1, 1)],
	['an octet that says how much padding there is', (sends: Sender) => sends.data(1, 0, 0)],
	['padding', (sends: Sender) => sends.data(1, 0, 255)],
	['a large frame', (sends: Sender) => sends.data(1, 16_384)],
] as const) {
	test(`6.9.1: a window that is used up is no error, and ${what} beyond it is one of the stream`, async t => {
		t.timeout(120_000);
		const {client, sends} = await openStalled(t);
		client.send(upload(1));
		await fill(client, sends, 1);
		t.is(sends.left(1), 0);
		t.true(sends.connection > 0, 'the connection is not held up by one stream');
		t.false(client.frames.some(({type}) => type === 'RST_STREAM' || type === 'GOAWAY'));
		send(sends);
		await expectAllowed(
			t,
			client,
			{stream: [1, 'FLOW_CONTROL_ERROR'], connection: 'FLOW_CONTROL_ERROR'},
			client.frames.length,
		);
	});
}

test('6.9.1: DATA without an octet is no error while the window is used up', async t => {
	t.timeout(120_000);
	const {client, sends} = await openStalled(t);
	client.send(upload(1));
	await fill(client, sends, 1);
	client.send(frame.data(1, ''), frame.data(1, '', {endStream: true}));
	await expectAlive(t, client);
	t.false(client.frames.some(({type}) => type === 'RST_STREAM'));
});

test('6.9.1: a stream that is held up holds up no other, whatever the backend of it does', async t => {
	t.timeout(120_000);
	const {client, sends} = await openStalled(t);
	client.send(upload(1), upload(3));
	await fill(client, sends, 1);
	t.is(sends.left(1), 0);
	await fill(client, sends, 3);
	t.is(sends.left(3), 0);
	t.true(sends.connection > 0);
	await expectAlive(t, client);
});

test('6.9: what is sent in one go beyond every window is an error', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const sends = sender(client);
	await settled(client);
	const full = frame.data(1, Buffer.alloc(16_384));
	const frames = Math.ceil(sends.connection / full.length) + 2;
	client.send(upload(1), ...Array.from({length: frames}, () => full));
	const {code} = await client.next(({type}) => type === 'GOAWAY' || type === 'RST_STREAM');
	t.is(code, 'FLOW_CONTROL_ERROR');
});

test('6.9: both windows grow again by what is taken, and by no more', async t => {
	const client = await openRawHttp2(t, stage().tunnel);
	const sends = sender(client);
	client.send(upload(1, '/up?whole'));
	await settled(client);
	const before = [sends.left(1), sends.connection] as const;
	await sends.send(1, 3_000_000);
	await settled(client);
	t.true(sends.left(1) <= before[0]);
	t.true(sends.connection <= before[1]);
	client.send(frame.data(1, '', {endStream: true}));
	t.is((await client.response(1)).status, 200);
	const seen = await stage().seen('/up?whole');
	t.is(seen.body.length, 3_000_000);
});

for (const [what, close] of [
	['that the server has reset', ['te', 'gzip']],
	['that the client has reset', undefined],
] as const) {
	test(`6.9: DATA on a stream ${what} counts for the connection, and comes back`, async t => {
		const client = await openRawHttp2(t, stage().tunnel);
		const sends = sender(client);
		await settled(client);
		const whole = sends.connection;
		let stream = -1;
		for (let sent = 0; sent < whole + 1_000_000; ) {
			stream += 2;
			if (close === undefined) {
				client.send(upload(stream));
			} else {
				client.send(frame.headers(stream, post('/x', [close[0], close[1]]), {endStream: false}));
			}
			for (let frames = 0; frames < 7; frames++) {
				while (sends.left(stream) < 16_384) {
					await client.next({type: 'WINDOW_UPDATE', stream: 0});
				}
				sent += sends.data(stream, 16_000, 255);
			}
			if (close === undefined) {
				client.send(frame.reset(stream));
			}
		}
		await expectAlive(t, client);
	});
}
