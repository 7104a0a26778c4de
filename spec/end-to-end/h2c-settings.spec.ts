import {once} from 'node:events';
import {connect} from 'node:http2';
import {setTimeout as pause} from 'node:timers/promises';
import test from 'ava';
import {startRawBackend} from '../helpers/backend.js';
import {fetchHttp2} from '../helpers/fetch.js';
import {startH2cServer, startRawHttp2Backend} from '../helpers/http2/backend.js';
import {frame} from '../helpers/http2/frames.js';
import {preface} from '../helpers/http2/names.js';
import {speakHttp2} from '../helpers/http2/peer.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';

const upgrade =
	'GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';

test('a WebSocket for a backend that answers in HTTP/1.1 is answered', async t => {
	const {port} = await startRawBackend(t, socket => {
		socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
	});
	const client = await openTls(t, await startTunnel(t, `h2c://127.0.0.1:${port}`));
	client.write(upgrade);
	const text = await client.closed();
	t.regex(text, /^HTTP\/1\.1 502 /);
	t.regex(text, /answers in HTTP\/1\.1/);
});

test('a WebSocket for a backend that closes without a word is answered', async t => {
	const {port} = await startRawBackend(t, socket => {
		socket.once('data', () => socket.destroy());
	});
	const client = await openTls(t, await startTunnel(t, `h2c://127.0.0.1:${port}`));
	client.write(upgrade);
	const text = await client.closed();
	t.regex(text, /^HTTP\/1\.1 502 /);
	t.regex(text, /without a word of HTTP\/2/);
});

test('a WebSocket waits for a backend that is slow to say what it takes', async t => {
	t.timeout(60_000);
	const {port} = await startRawBackend(t, async socket => {
		const peer = speakHttp2(t, socket, {skip: preface.length, acks: false});
		// Longer than a connection may rest.
		await pause(5000);
		peer.send(frame.settings([['ENABLE_CONNECT_PROTOCOL', 1]]));
		const {stream} = await peer.next({type: 'HEADERS'});
		peer.send(frame.headers(stream, [[':status', '200']], {endStream: false}));
	});
	const client = await openTls(t, await startTunnel(t, `h2c://127.0.0.1:${port}`));
	client.write(upgrade);
	t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 101 /);
});

test('a backend that takes no streams for now is not dialled again and again', async t => {
	t.timeout(60_000);
	const backend = await startRawHttp2Backend(t, [
		['ENABLE_CONNECT_PROTOCOL', 1],
		['MAX_CONCURRENT_STREAMS', 0],
	]);
	const client = await openTls(t, await startTunnel(t, backend.route));
	client.write(upgrade);
	await backend.peer();
	await pause(500);
	t.is(backend.peers.length, 1);
	t.regex(await client.closed(), /^HTTP\/1\.1 502 /);
});

test('a backend that takes few streams at a time gets through with many', async t => {
	t.timeout(60_000);
	const {route, server} = await startH2cServer(t, {settings: {maxConcurrentStreams: 5}});
	server.on('stream', stream => {
		setTimeout(() => {
			stream.respond({':status': 200});
			stream.end('done');
		}, 50);
	});
	const tunnel = await startTunnel(t, route);
	const session = connect(`https://localhost:${tunnel.port}`, {ca: tunnel.ca ?? ''});
	t.teardown(() => session.destroy());
	await once(session, 'connect');
	const responses = await Promise.all(
		Array.from({length: 60}, (_, number) => fetchHttp2(session, {':path': `/${number}`})),
	);
	t.deepEqual(
		responses.filter(({status}) => status !== 200).map(({status}) => status),
		[],
	);
});
