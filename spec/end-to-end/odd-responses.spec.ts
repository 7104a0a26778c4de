import type {ExecutionContext} from 'ava';
import type {Tunnel} from '../../lib/index.js';
import {fetchEither, type Version, versions} from '../helpers/either.js';
import {declaring, test} from '../helpers/lanes.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {onHttp2} from '../helpers/versions.js';

/** A tunnel to a backend that answers `/odd` with `text` and closes, and everything else properly. */
async function startOdd(t: ExecutionContext, text: string): Promise<Tunnel> {
	const backend = await startScripted(t, connection =>
		connection.socket.once('data', () => {
			connection.write(connection.received.includes(' /odd ') ? text : ok);
			connection.socket.end();
		}),
	);
	return startTunnel(t, `127.0.0.1:${backend.port}`);
}

const refused = test.macro({
	title: (what, version: Version) => `${version}: ${what} is a failure of the backend, and no more`,
	async exec(t, version: Version, text: string) {
		const tunnel = await startOdd(t, text);
		const response = await fetchEither(t, tunnel, version, {path: '/odd'});
		t.is(response.status, 502);
		t.is(response.headers['sealport-error'], 'backend-malformed');
		t.is((await fetchEither(t, tunnel, version)).body, 'ok');
	},
});

const body = 'Content-Length: 2\r\n\r\nok';
for (const version of versions) {
	test('garbage instead of a head', refused, version, '\x00\x01\x02 garbage\r\n\r\n');
	test('a page without a head', refused, version, '<html>hello</html>\r\n\r\n');
	test('a status below 100', refused, version, `HTTP/1.1 099 Odd\r\n${body}`);
	test('a space in the name of a field', refused, version, `HTTP/1.1 200 OK\r\nX y: 1\r\n${body}`);
	test(
		'a control character in a value',
		refused,
		version,
		`HTTP/1.1 200 OK\r\nX: a\x01b\r\n${body}`,
	);
	test(
		'a head over 64 KiB',
		refused,
		version,
		`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}\r\n${body}`,
	);
	test(
		'two lengths that differ',
		refused,
		version,
		`HTTP/1.1 200 OK\r\nContent-Length: 3\r\n${body}`,
	);
	test(
		'a length and chunks',
		refused,
		version,
		`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${body}`,
	);
	test(
		'a transfer coding other than chunked',
		refused,
		version,
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok',
	);
	test(
		'a 101 that nobody asked for',
		refused,
		version,
		'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
	);
}
test('a control character in the reason', refused, 'HTTP/1.1', `HTTP/1.1 200 O\x01K\r\n${body}`);
const passed = test.macro({
	title: (what, version: Version) => `${version}: ${what} reaches the client`,
	async exec(t, version: Version, text: string, status: number, expected: string) {
		const tunnel = await startOdd(t, text);
		const response = await fetchEither(t, tunnel, version, {path: '/odd'});
		t.is(response.status, status);
		t.is(response.body, expected);
	},
});

for (const version of versions) {
	test(
		'a response of HTTP/1.0 without a length',
		passed,
		version,
		'HTTP/1.0 200 OK\r\n\r\nold',
		200,
		'old',
	);
	test('a response without a reason', passed, version, `HTTP/1.1 201 \r\n${body}`, 201, 'ok');
	test('a status nobody has heard of', passed, version, `HTTP/1.1 599 Odd\r\n${body}`, 599, 'ok');
	test('a 204', passed, version, 'HTTP/1.1 204 No Content\r\n\r\n', 204, '');
}
test('a status over 599', passed, 'HTTP/1.1', `HTTP/1.1 999 Odd\r\n${body}`, 999, 'ok');
declaring(onHttp2)('a status over 599', passed, 'HTTP/2', `HTTP/1.1 999 Odd\r\n${body}`, 999, 'ok');

for (const version of versions) {
	test(`${version}: bytes behind a response to HEAD do not spoil it`, async t => {
		const tunnel = await startOdd(t, `HTTP/1.1 200 OK\r\n${body}`);
		const response = await fetchEither(t, tunnel, version, {method: 'HEAD', path: '/odd'});
		t.is(response.status, 200);
		t.is(response.headers['content-length'], '2');
	});
}
