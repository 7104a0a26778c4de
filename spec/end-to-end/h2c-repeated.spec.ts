import test from 'ava';
import {startRawBackend} from '../helpers/backend.js';
import {fetchEither, versions} from '../helpers/either.js';
import {startRawHttp2Backend} from '../helpers/http2/backend.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {get} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';

const ok = (stream: number) => frame.headers(stream, [[':status', '200']]);

test('a request that the backend has refused is sent once more, with its body', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const answer = fetchEither(t, tunnel, 'HTTP/2', {method: 'POST', body: 'the body'});
	const peer = await backend.peer();
	const first = await backend.request(peer);
	await peer.next({type: 'DATA', stream: first.stream});
	peer.send(frame.reset(first.stream, 'REFUSED_STREAM'));
	const again = await backend.request(peer);
	t.deepEqual(again.fields, first.fields);
	const body = await peer.next({type: 'DATA', stream: again.stream});
	t.is(String(body.payload), 'the body');
	peer.send(ok(again.stream));
	t.is((await answer).status, 200);
});

test('a request that is refused again and again is answered', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const answer = fetchEither(t, tunnel, 'HTTP/2');
	const peer = await backend.peer();
	for (let turn = 0; turn < 4; turn++) {
		peer.send(frame.reset((await backend.request(peer)).stream, 'REFUSED_STREAM'));
	}
	const {status, headers, body} = await answer;
	t.is(status, 502);
	t.is(headers['sealport-error'], 'backend-refused');
	t.regex(body, /refused the request again and again/);
});

test('what a backend has not begun with when it goes away is sent to its successor', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const slow = fetchEither(t, tunnel, 'HTTP/2', {path: '/slow'});
	const peer = await backend.peer();
	const begun = await backend.request(peer);
	const answer = fetchEither(t, tunnel, 'HTTP/2', {method: 'POST', path: '/new', body: 'body'});
	await backend.request(peer);
	peer.send(frame.goaway(begun.stream));
	const next = await backend.peer(1);
	const {stream, fields} = await backend.request(next);
	t.is(fields.find(([name]) => name === ':path')?.[1], '/new');
	next.send(ok(stream));
	t.is((await answer).status, 200);
	// What it had begun with ends where it began, and then the connection does.
	peer.send(ok(begun.stream));
	t.is((await slow).status, 200);
	await peer.closed();
	t.is(backend.peers.length, 2);
});

test('a request that the backend may have begun with is not sent twice', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const answer = fetchEither(t, tunnel, 'HTTP/2', {method: 'POST', body: 'x'});
	const peer = await backend.peer();
	await backend.request(peer);
	peer.vanish();
	const {status, headers} = await answer;
	t.is(status, 502);
	t.is(headers['sealport-error'], 'backend-reset');
	t.is(backend.peers.length, 1);
});

test('a GET over a connection that turns out to be closed goes over a new one', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const first = fetchEither(t, tunnel, 'HTTP/2');
	const peer = await backend.peer();
	peer.send(ok((await backend.request(peer)).stream));
	await first;
	const second = fetchEither(t, tunnel, 'HTTP/2', {path: '/second'});
	await backend.request(peer);
	peer.vanish();
	const next = await backend.peer(1);
	next.send(ok((await backend.request(next)).stream));
	t.is((await second).status, 200);
});

for (const version of versions) {
	test(`${version}: a client that leaves cancels its request at the backend, and no other`, async t => {
		const backend = await startRawHttp2Backend(t);
		const tunnel = await startTunnel(t, backend.route);
		const stays = fetchEither(t, tunnel, version, {path: '/stays'});
		const peer = await backend.peer();
		const kept = await backend.request(peer);
		if (version === 'HTTP/1.1') {
			const client = await openTls(t, tunnel);
			client.write('GET /leaves HTTP/1.1\r\nHost: localhost\r\n\r\n');
			const {stream} = await backend.request(peer);
			client.socket.destroy();
			t.is((await peer.next({type: 'RST_STREAM', stream})).code, 'CANCEL');
		} else {
			const client = await openRawHttp2(t, tunnel);
			client.send(frame.headers(1, get('/leaves')));
			const {stream} = await backend.request(peer);
			client.send(frame.reset(1));
			t.is((await peer.next({type: 'RST_STREAM', stream})).code, 'CANCEL');
		}
		peer.send(ok(kept.stream));
		t.is((await stays).status, 200);
	});
}

test('after many cancelled requests a backend gets a new connection', async t => {
	const backend = await startRawHttp2Backend(t);
	const tunnel = await startTunnel(t, backend.route);
	const client = await openRawHttp2(t, tunnel);
	let stream = 1;
	for (let round = 0; round < 10; round++) {
		const streams = Array.from({length: 50}, () => {
			stream += 2;
			return stream;
		});
		client.send(...streams.map(id => frame.headers(id, get())));
		const peer = await backend.peer();
		for (const _ of streams) {
			await backend.request(peer);
		}
		client.send(...streams.map(id => frame.reset(id)));
		for (const _ of streams) {
			await peer.next({type: 'RST_STREAM'});
		}
	}
	client.send(frame.headers(stream + 2, get('/last')));
	const next = await backend.peer(1);
	const {stream: last} = await backend.request(next);
	next.send(ok(last));
	t.is((await client.response(stream + 2)).status, 200);
	await backend.peers[0]?.closed();
});

for (const [code, told] of [
	['CANCEL', 'CANCEL'],
	['ENHANCE_YOUR_CALM', 'ENHANCE_YOUR_CALM'],
	['NO_ERROR', 'INTERNAL_ERROR'],
] as const) {
	test(`a client of HTTP/2 hears ${told} when the backend resets a response with ${code}`, async t => {
		const backend = await startRawHttp2Backend(t);
		const client = await openRawHttp2(t, await startTunnel(t, backend.route));
		client.send(frame.headers(1, get()));
		const peer = await backend.peer();
		const {stream} = await backend.request(peer);
		peer.send(frame.headers(stream, [[':status', '200']], {endStream: false}));
		await client.next({type: 'HEADERS', stream: 1});
		peer.send(frame.reset(stream, code));
		t.is((await client.next({type: 'RST_STREAM', stream: 1})).code, told);
	});
}

for (const version of versions) {
	test(`${version}: a backend that answers in HTTP/1.1 is told from one that is broken`, async t => {
		const {port} = await startRawBackend(t, socket => {
			socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
		});
		const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
		const {status, headers, body} = await fetchEither(t, tunnel, version, {
			headers: {accept: 'application/json'},
		});
		t.is(status, 502);
		t.is(headers['sealport-error'], 'backend-malformed');
		t.regex(body, /answers in HTTP\/1\.1/);
		t.true(body.includes(`http://127.0.0.1:${port}`));
	});
}

test('a backend that closes without a word of HTTP/2 is said to have done so', async t => {
	const {port} = await startRawBackend(t, socket => {
		socket.once('data', () => socket.destroy());
	});
	const tunnel = await startTunnel(t, `h2c://127.0.0.1:${port}`);
	const {status, body} = await fetchEither(t, tunnel, 'HTTP/2', {
		headers: {accept: 'application/json'},
	});
	t.is(status, 502);
	t.regex(body, /without a word of HTTP\/2/);
	t.regex(body, /name it with http:/);
});
