import test from 'ava';
import {hasBody, isChunked, readFields} from '../../../lib/forward/message/fields.js';

test('fields of the connection are left out, the others keep order, casing and repetition', t => {
	const {endToEnd} = readFields([
		...['X-A', '1', 'CONNECTION', 'Keep-Alive', 'Keep-Alive', '5', 'TE', 'trailers'],
		...['x-a', '2', 'Proxy-Connection', 'x', 'Upgrade', 'h2c', 'HTTP2-Settings', 'x'],
		...['Transfer-Encoding', 'chunked', 'Trailer', 'X-T', 'X-Forwarded-For', '1.2.3.4'],
	]);
	t.deepEqual(endToEnd, [
		...['X-A', '1', 'x-a', '2', 'Trailer', 'X-T', 'X-Forwarded-For', '1.2.3.4'],
	]);
});

test('so are those that Connection names, wherever it stands, but for framing and Host', t => {
	const {endToEnd, length} = readFields([
		...['X-Hop', '1', 'Host', 'a', 'Content-Length', '1', 'connection', 'close'],
		...['Connection', 'x-hop, host, content-length', 'x-hop', '2', 'X-Kept', '3'],
	]);
	t.deepEqual(endToEnd, ['Host', 'a', 'Content-Length', '1', 'X-Kept', '3']);
	t.is(length, '1');
});

test('what decides about a request is found in any casing, each time that it comes', t => {
	const fields = readFields([
		...['hOsT', 'a', 'Host', 'b', 'TRANSFER-ENCODING', 'gzip', 'transfer-encoding', 'chunked'],
		...['Content-length', '3', 'content-Length', '4', 'trailer', 'x'],
	]);
	t.deepEqual(fields.hosts, ['a', 'b']);
	t.is(fields.codings, 'gzip,chunked');
	t.is(fields.length, '3');
	t.true(fields.announces);
	t.deepEqual(readFields([]).hosts, []);
});

test('a body follows a length over 0, or a transfer coding', t => {
	t.true(hasBody(readFields(['Content-Length', '1'])));
	t.false(hasBody(readFields(['Content-Length', '0'])));
	t.true(hasBody(readFields(['Transfer-Encoding', 'chunked'])));
	t.false(hasBody(readFields(['Host', 'a'])));
});

for (const [codings, chunked] of [
	['chunked', true],
	[' Chunked ,, chunked', true],
	['gzip, chunked', false],
	['chunked, gzip', false],
	['chunkedchunked', false],
	['xchunked', false],
] as const) {
	test(`"${codings}" is ${chunked ? 'chunks' : 'more than chunks'}`, t => {
		t.is(isChunked(codings), chunked);
	});
}
