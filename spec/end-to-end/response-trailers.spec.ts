import {fetchEither, versions} from '../helpers/either.js';
import {test as onEachLane} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {asSent, openClient, test} from '../helpers/versions.js';

const chunked =
	'HTTP/1.1 200 OK\r\nTrailer: X-Sum, Server-Timing\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\nServer-Timing: db;dur=5\r\n\r\n';

for (const version of versions) {
	onEachLane(`${version}: trailers of a response reach the client, announced`, async t => {
		const backend = await startScripted(t, chunked);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const {headers, trailers, body} = await fetchEither(t, tunnel, version);
		t.is(body, 'body');
		t.is(headers.trailer, 'X-Sum, Server-Timing');
		t.is(trailers['x-sum'], '42');
		t.is(trailers['server-timing'], 'db;dur=5');
	});
}

test('trailers keep order and repetition, and in HTTP/1.1 casing', async t => {
	const fields = 'x-B: 1\r\nX-a: 2\r\nx-B: 3\r\n';
	const backend = await startScripted(
		t,
		`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${fields}\r\n`,
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openClient(t, tunnel);
	client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
	t.true((await client.until('3\r\n\r\n')).endsWith(asSent(t, `0\r\n${fields}\r\n`)));
});

onEachLane('a client of HTTP/1.0 gets the body without chunks and without trailers', async t => {
	const backend = await startScripted(t, chunked);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write('GET / HTTP/1.0\r\nHost: localhost\r\n\r\n');
	const [head = '', ...body] = (await client.closed()).split('\r\n\r\n');
	t.regex(head, /^HTTP\/1\.1 200 OK\r\n/);
	t.notRegex(head, /transfer-encoding/i);
	t.deepEqual(body, ['body']);
});

for (const version of versions) {
	for (const [what, method, status, text] of [
		['a response to HEAD', 'HEAD', 200, 'Transfer-Encoding: chunked\r\n\r\n'],
		['a 304', 'GET', 304, 'Transfer-Encoding: chunked\r\n\r\n'],
		['a 204', 'GET', 204, '\r\n'],
		['a response with a length', 'GET', 200, 'Content-Length: 0\r\n\r\n'],
	] as const) {
		onEachLane(`${version}: ${what} that announces trailers does no harm`, async t => {
			const backend = await startScripted(
				t,
				`HTTP/1.1 ${status} Fine\r\nTrailer: X-Sum\r\n${text}`,
			);
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
			t.is((await fetchEither(t, tunnel, version, {method})).status, status);
		});
	}
}
