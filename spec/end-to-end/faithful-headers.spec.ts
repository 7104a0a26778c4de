import ava from 'ava';
import {openRawHttp2} from '../helpers/http2/client.js';
import {post} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {onHttp2, openClient} from '../helpers/versions.js';

test('a response over HTTP/1.1 keeps reason, order, casing, repetition, bytes over 0x7f, and gets no Date', async t => {
	const head =
		'HTTP/1.1 200 Gr\xfc\xdfe, all fine\r\nx-LOWER: 1\r\nSet-Cookie: a=1; Path=/\r\nX-Same: one\r\nset-cookie: b=2\r\nX-Other: caf\xe9\r\nX-Same: two\r\nX-Empty: \r\nX-Comma: a,b, c\r\n__proto__: 1\r\nContent-Length: 2\r\n';
	const backend = await startScripted(t, `${head}\r\nok`);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
	t.is(await client.closed(), `${head}Connection: close\r\n\r\nok`);
});

const hidden = /^(x-forwarded-\w+|connection): .*\r\n/gim;

for (const [method, framing, body] of [
	['GET', '', ''],
	['POST', 'Content-Length: 2\r\n', 'hi'],
] as const) {
	test(`a ${method} over HTTP/1.1 keeps order, casing, repetition and bytes over 0x7f`, async t => {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTls(t, tunnel);
		client.write(
			`${method} / HTTP/1.1\r\nACCEPT: */*\r\nhost: localhost\r\nX-Same: one\r\nx-lower: caf\xe9\r\nX-SAME: two\r\nCookie: a=1\r\nX-Empty: \r\nuser-agent: x\r\n${framing}\r\n${body}`,
		);
		await client.until('\r\n\r\nok');
		t.is(
			backend.received.replace(hidden, ''),
			`${method} / HTTP/1.1\r\nACCEPT: */*\r\nhost: localhost\r\nX-Same: one\r\nx-lower: caf\xe9\r\nX-SAME: two\r\nCookie: a=1\r\nX-Empty: \r\nuser-agent: x\r\n${framing}\r\n${body}`,
		);
	});
}

for (const method of ['POST', 'GET', 'DELETE']) {
	test(`a ${method} that says nothing of a body reaches the backend as having none`, async t => {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTls(t, tunnel);
		client.write(`${method} / HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n\r\n`);
		await client.until('\r\n\r\nok');
		// A length of 0 says the same; no length and chunks would say otherwise.
		t.is(
			backend.received.replace(hidden, '').replace('Content-Length: 0\r\n', ''),
			`${method} / HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n\r\n`,
		);
	});
}

onHttp2(ava)(
	'a response keeps order, repetition and bytes over 0x7f, and gets no Date',
	async t => {
		const fields = ['x-lower: 1', 'set-cookie: a=1; Path=/', 'x-same: one', 'set-cookie: b=2'];
		fields.push('x-other: caf\xe9', 'x-same: two', 'x-empty: ', 'x-comma: a,b, c', '__proto__: 1');
		const head = [...fields.map(line => line.replace('x-s', 'X-S')), 'Content-Length: 2'];
		const backend = await startScripted(t, `HTTP/1.1 200 OK\r\n${head.join('\r\n')}\r\n\r\nok`);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openClient(t, tunnel);
		client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
		const expected = ['HTTP/1.1 200 OK', ...fields, 'content-length: 2', '', 'ok'];
		t.is(await client.until('\r\n\r\nok'), expected.join('\r\n'));
	},
);

onHttp2(ava)('a request keeps order, repetition and bytes over 0x7f', async t => {
	const backend = await startScripted(t, ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openRawHttp2(t, tunnel);
	const fields = [
		['accept', '*/*'],
		['x-same', 'one'],
		['x-lower', 'caf\xe9'],
		['x-same', 'two'],
		['cookie', 'a=1'],
		['x-empty', ''],
		['user-agent', 'x'],
		['content-length', '2'],
	] as const;
	client.send(frame.headers(1, post('/', ...fields), {endStream: false}));
	client.send(frame.data(1, 'hi', {endStream: true}));
	const connection = await backend.connection();
	const lines = fields.map(([name, value]) => `${name}: ${value}`);
	t.is(
		(await connection.until('\r\n\r\nhi')).replace(hidden, ''),
		['POST / HTTP/1.1', 'Host: localhost', ...lines, '', 'hi'].join('\r\n'),
	);
});
