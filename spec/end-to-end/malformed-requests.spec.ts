import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const refused = test.macro({
	title: (what = '', _text, status = '400') =>
		`${what}: ${status}, and nothing reaches the backend`,
	async exec(t, text: string, status = '400') {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTls(t, tunnel);
		client.write(text);
		const received = await client.until(/\r\n\r\n.*\n/);
		t.is(received.slice(0, 13), `HTTP/1.1 ${status} `);
		t.regex(received, /\r\nsealport-error: [a-z-]+\r\n/);
		t.is(backend.connections.length, 0);
		t.regex((await healthy(tunnel)) ?? '', /ok$/);

		async function healthy(same: typeof tunnel) {
			const next = await openTls(t, same);
			next.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
			return next.until('\r\n\r\nok');
		}
	},
});

const host = (value: string) => `GET / HTTP/1.1\r\nHost: ${value}\r\n\r\n`;
test('no Host', refused, 'GET / HTTP/1.1\r\n\r\n');
test('no Host in HTTP/1.0', refused, 'GET / HTTP/1.0\r\n\r\n');
test('two Hosts', refused, 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n');
test('two Hosts that differ', refused, 'GET / HTTP/1.1\r\nHost: localhost\r\nhost: other\r\n\r\n');
test('an empty Host', refused, host(''));
test('a Host with a user', refused, host('user@localhost'));
test('a Host with user and password', refused, host('user:pass@localhost'));
test('a Host with a comma', refused, host('localhost,localhost'));
test('a Host with a space', refused, host('local host'));
test('a Host with a slash', refused, host('localhost/x'));
test('a Host with a port that is no number', refused, host('localhost:http'));
test('a Host with port 0', refused, host('localhost:0'));
test('a Host with a port over 65535', refused, host('localhost:65536'));
test('a Host with two ports', refused, host('localhost:1:2'));
test('a Host with a bracket too few', refused, host('[::1'));
test('a Host with a bracket too many', refused, host('::1]'));
test('a Host that is an address of IPv6 without brackets', refused, host('::1'));
test('a Host in brackets that is no address', refused, host('[localhost]'));
test('a Host with a zone', refused, host('[fe80::1%25lo]'));
test('a Host with bytes over 0x7f', refused, host('l\xf6calhost'));

const get = (rest: string) => `GET / HTTP/1.1\r\nHost: localhost\r\n${rest}`;
test('a target that is no path', refused, 'GET x HTTP/1.1\r\nHost: localhost\r\n\r\n');
test('a target of * for GET', refused, 'GET * HTTP/1.1\r\nHost: localhost\r\n\r\n');
test(
	'a target on another host',
	refused,
	'GET https://other.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
);
test(
	'a target with a user',
	refused,
	'GET https://user@localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
);
test(
	'a target of another scheme',
	refused,
	'GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n',
);
test('no HTTP at all', refused, 'hello\r\n\r\n');
test('HTTP/3.0', refused, 'GET / HTTP/3.0\r\nHost: localhost\r\n\r\n');
test('a bare line feed', refused, 'GET / HTTP/1.1\nHost: localhost\n\n');
test('a field that goes on in the next line', refused, get('X-A: 1\r\n folded\r\n\r\n'));
test('a field without a colon', refused, get('nonsense\r\n\r\n'));
test('a space before the colon', refused, get('X-A : 1\r\n\r\n'));
test('a null byte in a value', refused, get('X-A: a\0b\r\n\r\n'));
test('a bare carriage return in a value', refused, get('X-A: a\rb\r\n\r\n'));
test(
	'a length and chunks',
	refused,
	get('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
);
test('two lengths', refused, get('Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello'));
test('a length with a sign', refused, get('Content-Length: +5\r\n\r\nhello'));
test('a length in a list', refused, get('Content-Length: 5, 5\r\n\r\nhello'));
test(
	'a transfer coding other than chunked',
	refused,
	get('Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n'),
);
test('chunked that is not last', refused, get('Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n'));
test(
	'chunked twice',
	refused,
	get('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
);
test('chunked in disguise', refused, get('Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'));
test(
	'a body before a switch of protocols',
	refused,
	get('Connection: Upgrade\r\nUpgrade: x\r\nContent-Length: 2\r\n\r\nhi'),
);
test('CONNECT', refused, 'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n', '501');
test('a head over 64 KiB', refused, get(`X-A: ${'a'.repeat(70_000)}\r\n\r\n`), '431');
test(
	'a target over 64 KiB',
	refused,
	`GET /${'a'.repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
	'431',
);
test(
	'a head over 64 KiB in many lines',
	refused,
	get(`${'X-A: aaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(3000)}\r\n`),
	'431',
);
test('more than 200 fields', refused, get(`${'X-A: 1\r\n'.repeat(200)}\r\n`), '431');

test('200 fields are forwarded', async t => {
	const backend = await startScripted(t, ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(get(`${'X-A: 1\r\n'.repeat(199)}\r\n`));
	await client.until('\r\n\r\nok');
	t.is(backend.received.match(/^X-A: 1$/gm)?.length, 199);
});

test('a target that names the same host reaches the backend as a path', async t => {
	for (const target of ['https://localhost:1234/a?b', 'HTTP://LOCALHOST:1234/a?b']) {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTls(t, tunnel);
		client.write(`GET ${target} HTTP/1.1\r\nHost: localhost:1234\r\n\r\n`);
		await client.until('\r\n\r\nok');
		t.regex(backend.received, /^GET \/a\?b HTTP\/1\.1\r\nHost: localhost:1234\r\n/);
	}
});
