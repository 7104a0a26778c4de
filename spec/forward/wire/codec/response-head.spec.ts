import test from 'ava';
import {Malformed, TooLarge} from '../../../../lib/forward/wire/codec/octets.js';
import {
	readResponseHead,
	responseFraming,
} from '../../../../lib/forward/wire/codec/response-head.js';

const read = (head: string, most = 100) => readResponseHead(Buffer.from(head, 'latin1'), most);

test('the parts of a head', t => {
	const head = read('HTTP/1.1 404 Not \xe9 Found\r\nContent-Length: 3\r\nConnection: X\r\n\r\n');
	t.like(head, {status: 404, framing: 3, connection: ['x'], persistent: true, lineEnd: 26});
	t.is(head.fields.length, 2);
});

test('a reason may be empty, or missing with its space', t => {
	t.like(read('HTTP/1.1 200 \r\n\r\n'), {status: 200, lineEnd: 15});
	t.like(read('HTTP/1.1 200\r\n\r\n'), {status: 200, lineEnd: 14});
});

test('statuses of three digits are read, known or not', t => {
	for (const status of [100, 103, 199, 200, 299, 418, 599, 999]) {
		t.is(read(`HTTP/1.1 ${status} X\r\n\r\n`).status, status);
	}
});

const lines: Record<string, string> = {
	'no status': 'HTTP/1.1\r\n',
	'a space and no status': 'HTTP/1.1 \r\n',
	'a status of two digits': 'HTTP/1.1 20 OK\r\n',
	'a status of four digits': 'HTTP/1.1 2000 OK\r\n',
	'a status below 100': 'HTTP/1.1 099 OK\r\n',
	'a signed status': 'HTTP/1.1 +20 OK\r\n',
	'letters for a status': 'HTTP/1.1 abc OK\r\n',
	'two spaces before the status': 'HTTP/1.1  200 OK\r\n',
	'no space behind the status': 'HTTP/1.1 200OK\r\n',
	'HTTP/0.9': 'HTTP/0.9 200 OK\r\n',
	'HTTP/2': 'HTTP/2 200 OK\r\n',
	'HTTP/1.2': 'HTTP/1.2 200 OK\r\n',
	'lower case': 'http/1.1 200 OK\r\n',
	'another protocol': 'RTSP/1.0 200 OK\r\n',
	'white space before it': ' HTTP/1.1 200 OK\r\n',
	'an empty line before it': '\r\nHTTP/1.1 200 OK\r\n',
	'a control character in the reason': 'HTTP/1.1 200 O\x1bK\r\n',
	'NUL in the reason': 'HTTP/1.1 200 O\0K\r\n',
	'CR alone in the reason': 'HTTP/1.1 200 O\rK\r\n',
	'CR alone behind the line': 'HTTP/1.1 200 OK\rA: 1\r\n',
	'no HTTP at all': '220 mail.example ESMTP\r\n',
	nothing: '',
};

for (const [what, line] of Object.entries(lines)) {
	test(`refused: ${what}`, t => {
		t.throws(() => read(`${line}\r\n`), {instanceOf: Malformed});
		t.throws(() => read(`${line}Content-Length: 0\r\n\r\n`), {instanceOf: Malformed});
	});
}

test('what its fields are refused for, a head is refused for', t => {
	const refused = [
		'A : 1\r\n',
		'Content-Length: 1\r\nContent-Length: 1\r\n',
		'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n',
		'Transfer-Encoding: gzip\r\n',
	];
	for (const fields of refused) {
		t.throws(() => read(`HTTP/1.1 200 OK\r\n${fields}\r\n`), {instanceOf: Malformed}, fields);
	}
	t.throws(() => read('HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'), {
		instanceOf: Malformed,
	});
	t.throws(() => read('HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\r\n', 1), {instanceOf: TooLarge});
});

test('a connection persists unless it is said to end, or the version is 1.0', t => {
	const persistent = (head: string) => read(`${head}\r\n\r\n`).persistent;
	t.true(persistent('HTTP/1.1 200 OK'));
	t.true(persistent('HTTP/1.1 200 OK\r\nConnection: x'));
	t.false(persistent('HTTP/1.1 200 OK\r\nConnection: x, CLOSE'));
	t.false(persistent('HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nConnection: close'));
	t.false(persistent('HTTP/1.0 200 OK'));
	t.false(persistent('HTTP/1.0 200 OK\r\nConnection: keep-alive'));
});

test('a body is framed as its head says, or ends with the connection', t => {
	const framing = (fields: string, status = 200, method = 'GET') =>
		responseFraming(read(`HTTP/1.1 ${status} X\r\n${fields}\r\n`), method);
	t.is(framing('Content-Length: 5\r\n'), 5);
	t.is(framing('Content-Length: 0\r\n'), 0);
	t.is(framing('Transfer-Encoding: chunked\r\n'), 'chunked');
	t.is(framing(''), 'close');
	t.is(framing('', 500, 'POST'), 'close');
	t.is(framing('Content-Length: 5\r\n', 205), 5);
});

test('there is no body, whatever a head says, to HEAD and with 1xx, 204 and 304', t => {
	for (const fields of ['', 'Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n']) {
		for (const status of [100, 101, 103, 204, 304]) {
			t.is(responseFraming(read(`HTTP/1.1 ${status} X\r\n${fields}\r\n`), 'GET'), 0);
		}
		t.is(responseFraming(read(`HTTP/1.1 200 X\r\n${fields}\r\n`), 'HEAD'), 0);
	}
});

test('methods are told apart by case: only HEAD is HEAD', t => {
	t.is(responseFraming(read('HTTP/1.1 200 X\r\nContent-Length: 5\r\n\r\n'), 'head'), 5);
});
