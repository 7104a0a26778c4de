import {openRawHttp2} from '../helpers/http2/client.js';
import {post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import type {Http2Peer} from '../helpers/http2/peer.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const upload = frame.headers(1, post('/upload'), {endStream: false});

const lastChunk = /\r\n0\r\n/;

const neverComplete = test.macro({
	title: (how = '') => `an HTTP/2 upload broken off by ${how} never looks complete to the backend`,
	async exec(t, breakOff: (client: Http2Peer) => void) {
		const backend = await startScripted(t);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.send(upload);
		client.send(frame.data(1, 'first half'));
		const connection = await backend.connection();
		await connection.until('first half');
		breakOff(client);
		const received = await connection.closed();
		t.notRegex(received, lastChunk);
	},
});

test('RST_STREAM with CANCEL', neverComplete, client => client.send(frame.reset(1, 'CANCEL')));
test('RST_STREAM with NO_ERROR', neverComplete, client => client.send(frame.reset(1, 'NO_ERROR')));
test('the loss of its connection', neverComplete, client => client.vanish());

test('an HTTP/1.1 upload broken off never looks complete to the backend', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(
		'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
	);
	const connection = await backend.connection();
	await connection.until('half');
	client.socket.destroy();
	t.notRegex(await connection.closed(), lastChunk);
});

test('an HTTP/2 client is told when nobody wants the rest of its upload, which then is not complete', async t => {
	const closing = ok.replace('\r\n', '\r\nConnection: close\r\n');
	const backend = await startScripted(t, closing);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openRawHttp2(t, tunnel);
	client.send(upload);
	client.send(frame.data(1, 'first half'));
	await client.response(1);
	const {code} = await client.next({type: 'RST_STREAM'});
	t.is(code, 'NO_ERROR');
	const connection = await backend.connection();
	t.notRegex(await connection.closed(), lastChunk);
});

test('an upload that arrived whole before the early response reaches a slow backend whole', async t => {
	const backend = await startScripted(t, connection => {
		connection.socket.once('data', () => {
			connection.write(ok);
			connection.socket.pause();
		});
	});
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openRawHttp2(t, tunnel);
	client.send(upload);
	for (let part = 0; part < 4; part++) {
		client.send(frame.data(1, 'x'.repeat(16_000)));
	}
	client.send(frame.data(1, 'the end', {endStream: true}));
	await client.response(1);
	const connection = await backend.connection();
	connection.socket.resume();
	t.regex(await connection.until('0\r\n\r\n'), /the end\r\n0\r\n\r\n$/);
});
