import test from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {expectAlive} from '../helpers/http2/expect.js';
import {post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

const piece = Buffer.alloc(16_000, 'x');

/** A POST on stream 1 that has been answered; the backend reads nothing of its body. */
async function answered(t: Parameters<typeof startScripted>[0]) {
	const backend = await startScripted(t, async connection => {
		const asked = await connection.until('\r\n\r\n');
		if (asked.startsWith('POST')) {
			connection.socket.pause();
			connection.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n');
		} else {
			connection.write('HTTP/1.1 204 No Content\r\n\r\n');
		}
	});
	const tunnel = await startTunnel(t, backend.port, {lane: 'wire'});
	const client = await openRawHttp2(t, tunnel);
	client.send(frame.headers(1, post('/'), {endStream: false}));
	await client.next({type: 'HEADERS', stream: 1, endStream: true});
	let sent = 0;
	const credit = () =>
		client.frames
			.filter(({type, stream}) => type === 'WINDOW_UPDATE' && stream === 1)
			.reduce((sum, {payload}) => sum + payload.readUInt32BE(0), 131_072);
	await until('nothing more is taken', async () => {
		const before = sent;
		while (sent + piece.length <= credit()) {
			client.send(frame.data(1, piece));
			sent += piece.length;
		}
		await new Promise(resolve => setTimeout(resolve, 300));
		return sent === before;
	});
	return {backend, client, sent};
}

test('an upload that has been answered is given up when the backend takes nothing more of it', async t => {
	t.timeout(60_000);
	const {backend, client} = await answered(t);
	client.send(frame.data(1, '', {endStream: true}));
	await expectAlive(t, client);
	const {socket} = await backend.connection();
	let gone = false;
	// What cannot be written any more shows that the other side has closed.
	socket.on('close', () => {
		gone = true;
	});
	await until(
		'the connection is closed',
		() => {
			socket.write('x');
			return gone;
		},
		30_000,
	);
	t.pass();
});

test('an upload that has been answered still reaches a backend that reads it later', async t => {
	t.timeout(60_000);
	const {backend, client, sent} = await answered(t);
	client.send(frame.data(1, 'and its end', {endStream: true}));
	await expectAlive(t, client);
	const connection = await backend.connection();
	connection.socket.resume();
	const all = await connection.until('and its end\r\n0\r\n\r\n');
	t.true(all.length > sent);
});
