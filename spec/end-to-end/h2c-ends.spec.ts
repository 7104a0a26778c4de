import test from 'ava';
import {startRawHttp2Backend} from '../helpers/http2/backend.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {type Fields, get, post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';

const chat: Fields = [
	[':method', 'CONNECT'],
	[':protocol', 'websocket'],
	[':scheme', 'https'],
	[':authority', 'localhost'],
	[':path', '/chat'],
	['sec-websocket-version', '13'],
];

const upgrade =
	'GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';

test('what a client sends on goes nowhere once the backend has answered and reset the stream', async t => {
	const backend = await startRawHttp2Backend(t);
	const client = await openRawHttp2(t, await startTunnel(t, backend.route));
	client.send(frame.headers(1, post(), {endStream: false}));
	const peer = await backend.peer();
	const {stream} = await backend.request(peer);
	peer.send(frame.headers(stream, [[':status', '403']]), frame.reset(stream, 'NO_ERROR'));
	await client.next({type: 'HEADERS', stream: 1});
	// Others are served meanwhile, so that the order in which all of it left can be seen.
	client.send(
		frame.data(1, 'x'.repeat(5000)),
		frame.data(1, 'x'.repeat(5000), {endStream: true}),
		frame.headers(3, get()),
	);
	const next = await backend.request(peer);
	peer.send(frame.headers(next.stream, [[':status', '204']]), frame.ping());
	t.is((await client.response(3)).status, 204);
	await peer.next({type: 'PING', ack: true});
	t.deepEqual(
		peer.frames.filter(({type, stream: id}) => type === 'DATA' && id === stream),
		[],
	);
});

for (const version of ['HTTP/1.1', 'HTTP/2']) {
	test(`${version}: the stream of a WebSocket that the backend refuses is ended`, async t => {
		const backend = await startRawHttp2Backend(t, [['ENABLE_CONNECT_PROTOCOL', 1]]);
		const tunnel = await startTunnel(t, backend.route);
		if (version === 'HTTP/1.1') {
			const client = await openTls(t, tunnel);
			client.write(upgrade);
		} else {
			const client = await openRawHttp2(t, tunnel);
			client.send(frame.headers(1, chat, {endStream: false}));
		}
		const peer = await backend.peer();
		const {stream} = await backend.request(peer);
		peer.send(frame.headers(stream, [[':status', '403']]));
		const end = await peer.next(
			({type, stream: id, endStream}) => id === stream && (endStream || type === 'RST_STREAM'),
		);
		t.is(end.payload.length === 0 || end.type === 'RST_STREAM', true);
	});
}
