import {fetchEither, versions} from '../helpers/either.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {get} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {laneOf, test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {answering, ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

test('HTTP/1.1: what belongs to the client connection does not reach the backend', async t => {
	const backend = await startScripted(t, ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(
		'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive, X-Hop\r\nConnection: x-other\r\nKeep-Alive: timeout=9\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\nX-Hop: 1\r\nX-Other: 2\r\nX-Kept: 3\r\n\r\n',
	);
	await client.until('\r\n\r\nok');
	t.regex(backend.received, /\r\nX-Kept: 3\r\n/);
	t.notRegex(backend.received, /timeout=9|proxy-connection|\r\nte:|x-hop|x-other/i);
	// Node, which writes the message lane's requests, says what HTTP/1.1 means without it.
	const says = laneOf(t) === 'message' ? ['Connection: keep-alive'] : null;
	t.deepEqual(backend.received.match(/^connection: .*$/gim), says);
});

for (const version of versions) {
	test(`${version}: what belongs to the backend's connection does not reach the client`, async t => {
		const backend = await startScripted(
			t,
			'HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nKeep-Alive: timeout=9\r\nProxy-Connection: close\r\nUpgrade: h2c\r\nTE: gzip\r\nX-Hop: 1\r\nX-Kept: 3\r\nContent-Length: 2\r\n\r\nok',
		);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const {headers, body} = await fetchEither(t, tunnel, version);
		t.is(body, 'ok');
		t.is(headers['x-kept'], '3');
		for (const name of ['proxy-connection', 'upgrade', 'te', 'x-hop']) {
			t.is(headers[name], undefined, name);
		}
		t.not(headers['keep-alive'], 'timeout=9');
	});
}

test('HTTP/2: a response carries no field of a connection', async t => {
	const backend = await startScripted(
		t,
		'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const {headers, body} = await fetchEither(t, tunnel, 'HTTP/2');
	t.is(body, 'ok');
	t.deepEqual(Object.keys(headers), [':status']);
});

for (const [name, value] of [
	['connection', 'keep-alive'],
	['keep-alive', 'timeout=5'],
	['proxy-connection', 'keep-alive'],
	['transfer-encoding', 'chunked'],
	['upgrade', 'h2c'],
] as const) {
	test(`HTTP/2: a request with ${name} never brings it to the backend`, async t => {
		const backend = await startScripted(t, answering(ok));
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.send(frame.headers(1, get('/bad', [name, value])));
		await client.next(
			({stream, type, endStream}) => stream === 1 && (type === 'RST_STREAM' || endStream),
		);
		client.send(frame.headers(3, get('/good')));
		await client.response(3);
		t.regex(backend.received, /^GET \/good /m);
		t.notRegex(backend.received, /\/bad|timeout=5|proxy-connection|chunked|h2c/);
	});
}

test('HTTP/2: TE does not reach the backend', async t => {
	const backend = await startScripted(t, ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	await fetchEither(t, tunnel, 'HTTP/2', {headers: {te: 'trailers'}});
	t.notRegex(backend.received, /^te:/im);
});
