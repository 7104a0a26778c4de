import test from 'ava';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';
import {readResponseHead} from '../../../../lib/forward/wire/codec/response-head.js';
import {
	answerBlock,
	responseBlock,
	trailersBlock,
} from '../../../../lib/forward/wire/http2/response.js';
import type {Fields} from '../../../helpers/http2/fields.js';
import {readBlock} from '../../../helpers/http2/read-block.js';

const parse = (text: string) => readResponseHead(Buffer.from(text, 'latin1'), 100);

function write(status: string, lines: string): Fields {
	return readBlock(responseBlock(parse(`HTTP/1.1 ${status}\r\n${lines}\r\n`)));
}

test('a response goes on with its fields in their order, names in lower case', t => {
	t.deepEqual(
		write(
			'200 Very \xe9 OK',
			'B:1 \r\nSet-Cookie: a=1\r\nb:  caf\xe9\t\r\nSET-COOKIE: b=2\r\nX-Empty:\r\nContent-Length: 2\r\nTrailer: x\r\nHost: odd\r\n',
		),
		[
			[':status', '200'],
			['b', '1'],
			['set-cookie', 'a=1'],
			['b', 'caf\xe9'],
			['set-cookie', 'b=2'],
			['x-empty', ''],
			['content-length', '2'],
			['trailer', 'x'],
			['host', 'odd'],
		],
	);
});

test('a status of any kind goes on', t => {
	for (const status of [100, 103, 200, 204, 304, 404, 418, 599, 999]) {
		t.deepEqual(write(`${status} x`, ''), [[':status', String(status)]]);
	}
});

test('what belongs to the connection of the backend ends with it, and what Connection names', t => {
	t.deepEqual(
		write(
			'200 OK',
			'Connection: close, X-Hop\r\nKeep-Alive: timeout=5\r\nProxy-Connection: a\r\nX-Hop: 1\r\nUpgrade: h2c\r\nTE: trailers\r\nHTTP2-Settings: a\r\nA: 1\r\nTRANSFER-ENCODING: chunked\r\nclose: kept\r\n',
		),
		[
			[':status', '200'],
			['a', '1'],
			['close', 'kept'],
		],
	);
});

test('Connection cannot name away the length', t => {
	t.deepEqual(write('200 OK', 'Connection: content-length\r\nContent-Length: 2\r\n'), [
		[':status', '200'],
		['content-length', '2'],
	]);
});

test('what can have no body says nothing of its length', t => {
	for (const status of [100, 103, 204]) {
		t.deepEqual(write(`${status} x`, 'Content-Length: 0\r\nLink: </a>\r\n'), [
			[':status', String(status)],
			['link', '</a>'],
		]);
	}
	t.deepEqual(write('304 x', 'Content-Length: 5\r\n'), [
		[':status', '304'],
		['content-length', '5'],
	]);
});

test('a head that came before is encoded once, into memory of its own', t => {
	const head = parse('HTTP/1.1 200 OK\r\nA: 1\r\n\r\n');
	const block = responseBlock(head);
	t.is(responseBlock(head), block);
	t.is(block.buffer.byteLength, block.length);
	t.deepEqual(responseBlock(parse('HTTP/1.1 200 OK\r\nA: 1\r\n\r\n')), block);
});

test('an answer of our own has names in lower case', t => {
	t.deepEqual(readBlock(answerBlock(502, ['Content-Type', 'Text/Plain', 'Sealport-Error', 'X'])), [
		[':status', '502'],
		['content-type', 'Text/Plain'],
		['sealport-error', 'X'],
	]);
});

const trailers = (text: string) => {
	const block = trailersBlock(Buffer.from(text, 'latin1'));
	return block === undefined ? undefined : readBlock(block);
};

test('trailers go on with their fields in their order', t => {
	t.deepEqual(trailers('Grpc-Status: 0\r\ngrpc-message:\r\nX: \xe9\r\nGRPC-STATUS: 1\r\n\r\n'), [
		['grpc-status', '0'],
		['grpc-message', ''],
		['x', '\xe9'],
		['grpc-status', '1'],
	]);
});

test('trailers go on without what is not for trailers', t => {
	const wrong = [
		'Connection: close',
		'Keep-Alive: 1',
		'Transfer-Encoding: chunked',
		'Upgrade: a',
		'TE: trailers',
		'Host: a',
		'Content-Length: 1',
		'Trailer: a',
		'Proxy-Connection: a',
	];
	t.deepEqual(trailers(`${wrong.join('\r\n')}\r\nA: 1\r\n\r\n`), [['a', '1']]);
	t.is(trailers(`${wrong.join('\r\n')}\r\n\r\n`), undefined);
	t.is(trailers('\r\n'), undefined);
});

test('refused: trailers that are none', t => {
	for (const text of ['', 'A: 1\r\n', ':status: 200\r\n\r\n', 'A\r\n\r\n', 'A: 1\n\n']) {
		t.throws(() => trailers(text), {instanceOf: Malformed}, JSON.stringify(text));
	}
});
