import {fetchEither, versions} from '../helpers/either.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const paths = [
	'//a//b/../%2e?x=%zz&y=?',
	'/./..//;p=1/%2F%2f?',
	'/?',
	'/a\'b"c|d^e`{f}\\g?<h>[i]',
	'/?url=https://example.com//x?y&z',
];

for (const version of versions) {
	test(`${version}: a path reaches the backend byte for byte`, async t => {
		for (const path of paths) {
			const backend = await startScripted(t, ok);
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
			await fetchEither(t, tunnel, version, {path});
			t.is(backend.received.split('\r\n')[0], `GET ${path} HTTP/1.1`);
		}
	});

	test(`${version}: the backend's base path is put before it, byte for byte too`, async t => {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `http://127.0.0.1:${backend.port}/base/`);
		await fetchEither(t, tunnel, version, {path: '//a?b'});
		t.is(backend.received.split('\r\n')[0], 'GET /base//a?b HTTP/1.1');
	});

	test(`${version}: a body keeps its bytes`, async t => {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const body = Buffer.from(Array.from({length: 256}, (_, index) => index));
		await fetchEither(t, tunnel, version, {
			method: 'PUT',
			body,
			headers: {'content-length': '256'},
		});
		const connection = await backend.connection();
		await connection.until('\xff');
		t.true(connection.received.endsWith(body.toString('latin1')));
	});
}

test('OPTIONS * stays *, also when the backend has a base path', async t => {
	for (const base of ['', '/base']) {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `http://127.0.0.1:${backend.port}${base}`);
		const client = await openTls(t, tunnel);
		client.write('OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n');
		await client.until('\r\n\r\nok');
		t.is(backend.received.split('\r\n')[0], 'OPTIONS * HTTP/1.1');
	}
});
