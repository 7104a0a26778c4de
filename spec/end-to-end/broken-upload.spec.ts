import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {openRawHttp2, type RawHttp2} from '../helpers/raw-http2.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const upload: ReadonlyArray<[string, string]> = [
	[':method', 'POST'],
	[':scheme', 'https'],
	[':authority', 'localhost'],
	[':path', '/upload'],
];

const lastChunk = /\r\n0\r\n/;

const neverComplete = test.macro({
	title: (how = '') => `an HTTP/2 upload broken off by ${how} never looks complete to the backend`,
	async exec(t, breakOff: (client: RawHttp2) => void) {
		const backend = await startScripted(t);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.headers(1, upload, false);
		client.data(1, 'first half');
		const connection = await backend.connection();
		await connection.until('first half');
		breakOff(client);
		const received = await connection.closed();
		t.notRegex(received, lastChunk);
	},
});

test('RST_STREAM with CANCEL', neverComplete, client => client.reset(1, 8));
test('RST_STREAM with NO_ERROR', neverComplete, client => client.reset(1, 0));
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
	const backend = await startScripted(t, ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openRawHttp2(t, tunnel);
	client.headers(1, upload, false);
	client.data(1, 'first half');
	await client.frame(({type, endStream}) => type === 'data' && endStream);
	const reset = await client.frame(({type}) => type === 'reset');
	t.deepEqual([...reset.payload], [0, 0, 0, 0]);
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
	client.headers(1, upload, false);
	for (let part = 0; part < 4; part++) {
		client.data(1, 'x'.repeat(16_000));
	}
	client.data(1, 'the end', true);
	await client.frame(({type, endStream}) => type === 'data' && endStream);
	const connection = await backend.connection();
	connection.socket.resume();
	t.regex(await connection.until('0\r\n\r\n'), /the end\r\n0\r\n\r\n$/);
});
