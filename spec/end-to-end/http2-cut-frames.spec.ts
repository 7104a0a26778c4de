import {setTimeout as pause} from 'node:timers/promises';
import test from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {get, post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

test('a stream that is reset in the midst of a DATA frame is reset once', async t => {
	const backend = await startScripted(t, async connection => {
		const asked = await connection.until('\r\n\r\n');
		if (asked.startsWith('POST')) {
			connection.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
			await connection.until('first');
			connection.socket.destroy();
		} else {
			connection.write('HTTP/1.1 204 No Content\r\n\r\n');
		}
	});
	const tunnel = await startTunnel(t, backend.port, {lane: 'wire'});
	const client = await openRawHttp2(t, tunnel);
	const data = frame.data(1, 'first and more than was announced', {endStream: true});
	client.send(
		frame.headers(1, post('/', ['content-length', '10']), {endStream: false}),
		data.subarray(0, 14),
	);
	const {code} = await client.next({type: 'RST_STREAM', stream: 1});
	t.is(code, 'INTERNAL_ERROR');
	client.send(data.subarray(14));
	await expectAlive(t, client);
	t.is(client.frames.filter(({type}) => type === 'RST_STREAM').length, 1);
});

test('a client whose frames never end where its writes do is not slow', async t => {
	const backend = await startScripted(t, 'HTTP/1.1 204 No Content\r\n\r\n');
	const limits = {head: 500, idle: 60_000};
	const tunnel = await startTunnel(t, backend.port, {lane: 'wire', limits});
	const client = await openRawHttp2(t, tunnel);
	const pings = Buffer.concat(Array.from({length: 31}, () => frame.ping()));
	client.send(pings.subarray(0, 3));
	for (let at = 3; at + 17 <= pings.length; at += 17) {
		client.send(pings.subarray(at, at + 17));
		await pause(100);
	}
	client.send(pings.subarray(pings.length - 14));
	await expectAlive(t, client);
	t.false(client.frames.some(({type}) => type === 'GOAWAY'));
});

test('a frame that does not come to its end is not waited for', async t => {
	const backend = await startScripted(t);
	const limits = {head: 500, idle: 60_000};
	const tunnel = await startTunnel(t, backend.port, {lane: 'wire', limits});
	const client = await openRawHttp2(t, tunnel);
	client.send(frame.headers(1, get()), frame.ping().subarray(0, 12));
	const {code} = await client.next({type: 'GOAWAY'});
	t.is(code, 'ENHANCE_YOUR_CALM');
	await client.closed();
});

test('a field block that comes in small parts is not waited for either', async t => {
	const backend = await startScripted(t);
	const limits = {head: 500, idle: 60_000};
	const tunnel = await startTunnel(t, backend.port, {lane: 'wire', limits});
	const client = await openRawHttp2(t, tunnel);
	client.send(frame.headers(1, get(), {endHeaders: false}));
	let closed = false;
	void client.closed().then(() => {
		closed = true;
	});
	for (let sent = 0; sent < 60 && !closed; sent++) {
		client.send(frame.continuation(1, Buffer.alloc(0), false));
		await pause(100);
	}
	const {code} = await client.next({type: 'GOAWAY'});
	t.is(code, 'ENHANCE_YOUR_CALM');
	t.true(closed);
});
