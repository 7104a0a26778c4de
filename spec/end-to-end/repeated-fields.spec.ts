import ava from 'ava';
import {fetchEither, versions} from '../helpers/either.js';
import {test} from '../helpers/lanes.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {onHttp2, openClient} from '../helpers/versions.js';

// Node throws when one of these is to be sent over HTTP/2 more than once.
const names = [
	'Age',
	'Content-Type',
	'Date',
	'ETag',
	'Location',
	'Retry-After',
	'User-Agent',
	'Referer',
	'Authorization',
	'DNT',
	'Range',
	'If-Match',
	'Max-Forwards',
];
const twice = names.map(name => `${name}: 1\r\n${name}: 2\r\n`).join('');

for (const version of versions) {
	test(`${version}: a field that a backend should send once, and sends twice, is passed on`, async t => {
		const backend = await startScripted(
			t,
			`HTTP/1.1 200 OK\r\n${twice}Content-Length: 2\r\n\r\nok`,
		);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const {status, headers, body} = await fetchEither(t, tunnel, version);
		t.is(status, 200);
		t.is(body, 'ok');
		t.regex(String(headers.etag), /^1/);
	});

	test(`${version}: the same in trailers and in a 103`, async t => {
		const backend = await startScripted(
			t,
			`HTTP/1.1 103 Early Hints\r\n${twice}\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n${twice}\r\n`,
		);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const {status, trailers, body} = await fetchEither(t, tunnel, version);
		t.is(status, 200);
		t.is(body, 'ok');
		// Of two, Node's client of HTTP/2 knows the first.
		t.regex(String(trailers['user-agent']), /^1$|2$/);
	});
}

onHttp2(ava)('it stays as many lines as it was', async t => {
	const backend = await startScripted(
		t,
		`HTTP/1.1 103 Early Hints\r\n${twice}\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${twice}\r\n2\r\nok\r\n0\r\n${twice}\r\n`,
	);
	const client = await openClient(t, await startTunnel(t, `127.0.0.1:${backend.port}`));
	client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
	const received = await client.until(/\r\n0\r\n[\s\S]*\r\n\r\n/);
	t.is(received.split(twice.toLowerCase()).length, 4);
});
