import test from 'ava';
import {rawHeaders} from '../../../../lib/forward/wire/codec/fields.js';
import {Malformed, TooLarge} from '../../../../lib/forward/wire/codec/octets.js';
import {
	hostsOf,
	readRequestHead,
	readRequestLine,
} from '../../../../lib/forward/wire/codec/request-head.js';

const read = (head: string, most = 100) => readRequestHead(Buffer.from(head, 'latin1'), most);

test('the parts of a head', t => {
	const head = read('PROPFIND /a%20b?c HTTP/1.1\r\nHost: a\r\nconnection: X, Close\r\n\r\n');
	t.like(head, {
		method: 'PROPFIND',
		target: '/a%20b?c',
		minor: 1,
		framing: 'none',
		connection: ['x', 'close'],
		upgrade: false,
	});
	t.deepEqual(rawHeaders(head.bytes, head.fields), ['Host', 'a', 'connection', 'X, Close']);
});

test('HTTP/1.0 is read', t => {
	t.like(read('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'), {
		minor: 0,
		connection: ['keep-alive'],
	});
	t.deepEqual(read('GET / HTTP/1.0\r\n\r\n').fields, []);
});

test('methods keep their casing, and may be any token', t => {
	for (const method of ['get', 'GeT', 'M-SEARCH', "!#$%&'*+-.^_`|~09", 'X'.repeat(1000)]) {
		t.is(read(`${method} / HTTP/1.1\r\n\r\n`).method, method);
	}
});

test('targets of every form go through byte for byte', t => {
	const targets = [
		'/',
		'*',
		'a.example:443',
		'http://a.example/b',
		'//b/../c//',
		'/%zz?"<>\\^`{|}',
	];
	for (const target of targets) {
		t.is(read(`GET ${target} HTTP/1.1\r\n\r\n`).target, target);
	}
});

test('a body in chunks, a body of a length', t => {
	t.is(read('PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n').framing, 'chunked');
	t.is(read('PUT / HTTP/1.1\r\nContent-Length: 7\r\n\r\n').framing, 7);
});

const lines: Record<string, string> = {
	'no method': ' / HTTP/1.1\r\n',
	'octets over 127 in the target': 'GET /\xc3\xa9 HTTP/1.1\r\n',
	'a fragment': 'GET /a#b HTTP/1.1\r\n',
	'white space before the method': '  GET / HTTP/1.1\r\n',
	'a control character in the method': 'G\x01T / HTTP/1.1\r\n',
	'a separator in the method': 'GET( / HTTP/1.1\r\n',
	'an octet over 127 in the method': 'G\xc9T / HTTP/1.1\r\n',
	'no target': 'GET  HTTP/1.1\r\n',
	'no target and one space': 'GET HTTP/1.1\r\n',
	'no version': 'GET /\r\n',
	'a space behind the target and no version': 'GET / \r\n',
	'two spaces before the target': 'GET  / HTTP/1.1\r\n',
	'two spaces before the version': 'GET /  HTTP/1.1\r\n',
	'a tab for a space': 'GET\t/ HTTP/1.1\r\n',
	'a tab before the version': 'GET /\tHTTP/1.1\r\n',
	'a space in the target': 'GET /a b HTTP/1.1\r\n',
	'NUL in the target': 'GET /\0 HTTP/1.1\r\n',
	'DEL in the target': 'GET /\x7f HTTP/1.1\r\n',
	'CR in the target': 'GET /\r HTTP/1.1\r\n',
	'white space behind the version': 'GET / HTTP/1.1 \r\n',
	'CR alone behind the version': 'GET / HTTP/1.1\rHost: a\r\n',
	'two CR behind the version': 'GET / HTTP/1.1\r\r\n',
	'HTTP/0.9': 'GET / HTTP/0.9\r\n',
	'HTTP/1.2': 'GET / HTTP/1.2\r\n',
	'HTTP/2.0': 'GET / HTTP/2.0\r\n',
	'HTTP/1.10': 'GET / HTTP/1.10\r\n',
	'HTTP/1': 'GET / HTTP/1\r\n',
	'HTTP/01.1': 'GET / HTTP/01.1\r\n',
	'a version in lower case': 'GET / http/1.1\r\n',
	'another protocol': 'GET / ICAP/1.1\r\n',
	'a response': 'HTTP/1.1 200 OK\r\n',
	'an empty line': '\r\n',
	nothing: '',
};

for (const [what, line] of Object.entries(lines)) {
	test(`refused: ${what}`, t => {
		t.throws(() => readRequestLine(Buffer.from(line, 'latin1')), {instanceOf: Malformed});
		t.throws(() => read(`${line}Host: a\r\n\r\n`), {instanceOf: Malformed});
	});
}

test('a request line that is not complete is none', t => {
	const line = 'GET / HTTP/1.1\r\n';
	for (let length = 0; length < line.length; length++) {
		t.throws(() => readRequestLine(Buffer.from(line.slice(0, length))), {instanceOf: Malformed});
	}
	t.like(readRequestLine(Buffer.from(`${line}Host`)), {method: 'GET', target: '/', end: 16});
});

test('what its fields are refused for, a head is refused for', t => {
	t.throws(() => read('GET / HTTP/1.1\r\nA : 1\r\n\r\n'), {instanceOf: Malformed});
	t.throws(() => read('GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n'), {instanceOf: Malformed});
	t.throws(() => read('GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n'), {
		instanceOf: Malformed,
	});
	t.throws(() => read('GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\n\r\n', 1), {instanceOf: TooLarge});
});

const upgrading = 'Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n';

test('a request for another protocol names it and says so in Connection', t => {
	const upgrade = (fields: string, version = '1.1') =>
		read(`GET / HTTP/${version}\r\n${fields}\r\n`).upgrade;
	t.true(upgrade(upgrading));
	t.true(upgrade(`${upgrading}Content-Length: 0\r\n`));
	t.false(upgrade('Upgrade: websocket\r\n'));
	t.false(upgrade('Connection: Upgrade\r\n'));
	t.false(upgrade('Connection: upgraded\r\nUpgrade: websocket\r\n'));
	t.false(upgrade(upgrading, '1.0'), 'HTTP/1.0 has no Upgrade');
});

test('refused: asking for another protocol with a body', t => {
	for (const framing of ['Content-Length: 1', 'Transfer-Encoding: chunked']) {
		t.throws(() => read(`POST / HTTP/1.1\r\n${upgrading}${framing}\r\n\r\n`), {
			instanceOf: Malformed,
		});
	}
});

test('every value of Host, empty ones too', t => {
	t.deepEqual(hostsOf(read('GET / HTTP/1.1\r\nHOST: a\r\nX-Host: b\r\nhost:\r\n\r\n')), ['a', '']);
	t.deepEqual(hostsOf(read('GET / HTTP/1.1\r\n\r\n')), []);
});
