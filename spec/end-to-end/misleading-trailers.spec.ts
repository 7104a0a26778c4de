import {openRawHttp2} from '../helpers/http2/client.js';
import {post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

/** Each of them would say something else than the head does, to a backend that merges trailers into it. */
const misleading = {
	'X-Forwarded-For': '198.51.100.6',
	'X-Forwarded-Host': 'evil.example',
	'X-Forwarded-Proto': 'gopher',
	'X-Forwarded-Port': '31337',
	Host: 'evil.example',
};

/** A client may not even send these over HTTP/2 (RFC 9113 section 8.2.2). */
const ofConnections = {
	Connection: 'X-Sum, close',
	'Keep-Alive': 'timeout=31337',
	Upgrade: 'gopher',
};

/** With these the request counts as malformed and is broken off, or they are left out. */
const framing = {'Content-Length': '31337', 'Transfer-Encoding': 'gzip'};

const http1Head = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
const http2Head = frame.headers(1, post(), {endStream: false});

const backendOf = (t: Parameters<typeof startScripted>[0]) =>
	startScripted(t, connection =>
		connection.until(/\r\n0\r\n(.+\r\n)*\r\n$/).then(() => connection.write(ok)),
	);

/** What stands behind the last chunk. */
const trailersIn = (received: string) => /\r\n0\r\n([\s\S]*)$/.exec(received)?.[1];

for (const [name, value] of Object.entries({...misleading, ...ofConnections})) {
	test(`HTTP/1.1: ${name} in the trailers does not reach the backend, and its neighbours do`, async t => {
		const backend = await backendOf(t);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTls(t, tunnel);
		const trailers = `X-First: 1\r\n${name}: ${value}\r\nX-Last: 2\r\n\r\n`;
		client.write(`${http1Head}4\r\nbody\r\n0\r\n${trailers}`);
		t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 200 /);
		t.is(trailersIn(backend.received), 'X-First: 1\r\nX-Last: 2\r\n\r\n');
		t.false(backend.received.includes(value));
	});
}

for (const [name, value] of Object.entries(misleading)) {
	test(`HTTP/2: ${name} in the trailers does not reach the backend, and its neighbours do`, async t => {
		const backend = await backendOf(t);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.send(http2Head, frame.data(1, 'body'));
		client.send(
			frame.headers(1, [
				['x-first', '1'],
				[name.toLowerCase(), value],
				['x-last', '2'],
			]),
		);
		await client.next({type: 'HEADERS', stream: 1});
		t.is(trailersIn(backend.received), 'x-first: 1\r\nx-last: 2\r\n\r\n');
		t.false(backend.received.includes(value));
	});
}

for (const [name, value] of Object.entries(framing)) {
	test(`HTTP/1.1: ${name} in the trailers does not reach the backend`, async t => {
		const backend = await backendOf(t);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTls(t, tunnel);
		const head = http1Head.replace('Host', 'Connection: close\r\nHost');
		client.write(`${head}4\r\nbody\r\n0\r\n${name}: ${value}\r\n\r\n`);
		await client.closed();
		t.false(backend.received.includes(value));
	});

	test(`HTTP/2: ${name} in the trailers does not reach the backend`, async t => {
		const backend = await backendOf(t);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openRawHttp2(t, tunnel);
		client.send(http2Head, frame.data(1, 'body'));
		await (await backend.connection()).until('body');
		client.send(frame.headers(1, [[name.toLowerCase(), value]]));
		await client.next({type: 'RST_STREAM', stream: 1}).catch(() => undefined);
		t.false(backend.received.includes(value));
	});
}
