import test from 'ava';
import {readResponseHead} from '../../../../lib/forward/wire/codec/response-head.js';
import {type Form, responseHead} from '../../../../lib/forward/wire/downstream/response-text.js';

const parse = (text: string) => readResponseHead(Buffer.from(text, 'latin1'), 100);

const usual: Form = {framing: 2, minor: 1, last: false};

function write(head: string, form: Partial<Form> = {}) {
	return responseHead(parse(head), {...usual, ...form}).toString('latin1');
}

const head =
	'HTTP/1.1 200 Very \xe9 OK\r\nb:1 \r\nSet-Cookie: a\r\nB:  \xff\r\nSET-COOKIE: b\r\nContent-Length: 2\r\n\r\n';

test('a head goes on as it came', t => {
	t.is(write(head), head);
	t.is(write('HTTP/1.1 204\r\n\r\n', {framing: 0}), 'HTTP/1.1 204\r\n\r\n');
	const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\nTrailer: a\r\n\r\n';
	t.is(write(chunked, {framing: 'chunked'}), chunked);
});

test('what belongs to the connection of the backend ends with it', t => {
	t.is(
		write(
			'HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\nX-Hop: 1\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\n',
		),
		'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n',
	);
});

test('a backend of HTTP/1.0 is answered for in HTTP/1.1', t => {
	t.is(
		write('HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n'),
		'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n',
	);
});

test('a body that ends with the connection of the backend goes on in chunks', t => {
	t.is(
		write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n', {framing: 'close'}),
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
	);
});

test('the last response on a connection says so', t => {
	t.is(write(head, {last: true}), head.replace(/\r\n$/, 'Connection: close\r\n\r\n'));
	t.is(
		write('HTTP/1.1 200 OK\r\n\r\n', {framing: 'close', last: true}),
		'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
	);
});

test('a client of HTTP/1.0 is told whether its connection stays, and gets no chunks', t => {
	const minor = 0;
	t.is(write(head, {minor}), head.replace(/\r\n$/, 'Connection: keep-alive\r\n\r\n'));
	const chunked = 'HTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n';
	const closed = 'HTTP/1.1 200 OK\r\nA: 1\r\nConnection: close\r\n\r\n';
	t.is(write(chunked, {minor, framing: 'chunked', last: true}), closed);
	t.is(write('HTTP/1.1 200 OK\r\nA: 1\r\n\r\n', {minor, framing: 'close', last: true}), closed);
});

test('the same head for another client, or another request, is written for that one', t => {
	const came = parse('HTTP/1.1 200 OK\r\nA: 1\r\n\r\n');
	const plain = 'HTTP/1.1 200 OK\r\nA: 1\r\n\r\n';
	const forms: ReadonlyArray<[Partial<Form>, string]> = [
		[{framing: 0}, ''],
		[{framing: 'close'}, 'Transfer-Encoding: chunked\r\n'],
		[{framing: 0, last: true}, 'Connection: close\r\n'],
		[{framing: 0, minor: 0}, 'Connection: keep-alive\r\n'],
		[{framing: 'close', minor: 0, last: true}, 'Connection: close\r\n'],
	];
	for (let time = 0; time < 2; time++) {
		for (const [form, more] of [...forms, ...forms.toReversed()]) {
			t.is(
				responseHead(came, {...usual, ...form}).toString(),
				plain.replace(/\r\n$/, `${more}\r\n`),
			);
		}
	}
});

test('a head that came before is written once, into memory of its own', t => {
	const came = parse(head);
	const text = responseHead(came, usual);
	t.is(responseHead(came, usual), text);
	t.is(text.buffer.byteLength, head.length);
});
