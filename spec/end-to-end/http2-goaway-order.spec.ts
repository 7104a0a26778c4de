import test from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {get} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

test('the last stream that GOAWAY names never grows', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, backend.port, {lane: 'wire'});
	const client = await openRawHttp2(t, tunnel);
	client.send(frame.headers(1, get('/')));
	const connection = await backend.connection();
	await connection.until('\r\n\r\n');
	const closed = tunnel.close(20_000);
	const first = await client.next({type: 'GOAWAY'});
	t.is(first.payload.readUInt32BE(0), 0x7fff_ffff);
	const ping = await client.next({type: 'PING', ack: false});
	client.send(frame.ping(ping.payload.toString('latin1'), true));
	const second = await client.next({type: 'GOAWAY'});
	t.is(second.payload.readUInt32BE(0), 1);
	client.send(frame.headers(3, get('/late')), frame.ping('read it!'));
	await client.next({type: 'PING', ack: true});
	connection.write('HTTP/1.1 204 No Content\r\n\r\n');
	await client.response(1);
	await client.closed();
	await closed;
	const lasts = client.frames
		.filter(({type}) => type === 'GOAWAY')
		.map(({payload}) => payload.readUInt32BE(0));
	t.deepEqual(lasts, [0x7fff_ffff, 1, 1]);
	t.notRegex(backend.received, /late/);
});
