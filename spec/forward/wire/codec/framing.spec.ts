import test from 'ava';
import {readFields} from '../../../../lib/forward/wire/codec/fields.js';
import {framingOf} from '../../../../lib/forward/wire/codec/framing.js';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';

function framing(lines: string, minor = 1) {
	const bytes = Buffer.from(`${lines}\r\n`, 'latin1');
	return framingOf(bytes, readFields(bytes, 0, bytes.length, 100), minor);
}

const read: ReadonlyArray<[lines: string, framing: number | 'chunked' | 'none']> = [
	['', 'none'],
	['Host: a\r\nX-Content-Length: 5\r\nTransfer: chunked\r\n', 'none'],
	['Content-Length: 0\r\n', 0],
	['content-length:  12 \r\n', 12],
	['CONTENT-LENGTH: 00010\r\n', 10],
	['Content-Length: 9007199254740991\r\n', Number.MAX_SAFE_INTEGER],
	['Transfer-Encoding: chunked\r\n', 'chunked'],
	['transfer-encoding:  ChUnKeD \r\n', 'chunked'],
];

for (const [lines, expected] of read) {
	test(`framing of ${JSON.stringify(lines)}`, t => {
		t.is(framing(lines), expected);
	});
}

const refused: Record<string, string> = {
	'both framings': 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n',
	'both framings, the other way round': 'Transfer-Encoding: chunked\r\nContent-Length: 1\r\n',
	'a length of 0 beside chunks': 'Content-Length: 0\r\nTransfer-Encoding: chunked\r\n',
	'two lengths': 'Content-Length: 1\r\nContent-Length: 2\r\n',
	'the same length twice': 'Content-Length: 1\r\nX: y\r\ncontent-length: 1\r\n',
	'a list of lengths': 'Content-Length: 1, 1\r\n',
	'no length': 'Content-Length:\r\n',
	'a length with a plus': 'Content-Length: +1\r\n',
	'a length with a minus': 'Content-Length: -1\r\n',
	'a hexadecimal length': 'Content-Length: 0x1\r\n',
	'a length with a fraction': 'Content-Length: 1.0\r\n',
	'a length with an exponent': 'Content-Length: 1e3\r\n',
	'a length with a space': 'Content-Length: 1 0\r\n',
	'a quoted length': 'Content-Length: "1"\r\n',
	'a length with a digit that is none': 'Content-Length: \xb2\r\n',
	'a length past what can be counted': 'Content-Length: 9007199254740992\r\n',
	'a length of 2^64': 'Content-Length: 18446744073709551616\r\n',
	'a length of a thousand digits': `Content-Length: ${'1'.repeat(1000)}\r\n`,
	'another coding': 'Transfer-Encoding: gzip\r\n',
	'another coding before chunks': 'Transfer-Encoding: gzip, chunked\r\n',
	'another coding behind chunks': 'Transfer-Encoding: chunked, identity\r\n',
	'chunks twice': 'Transfer-Encoding: chunked, chunked\r\n',
	'chunks in two lines': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n',
	'identity in a second line': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n',
	'a coding that looks like chunks': 'Transfer-Encoding: xchunked\r\n',
	'chunks with a parameter': 'Transfer-Encoding: chunked;q=1\r\n',
	'quoted chunks': 'Transfer-Encoding: "chunked"\r\n',
	'chunks behind a comma': 'Transfer-Encoding: ,chunked\r\n',
	'chunks behind white space of another kind': 'Transfer-Encoding: \xa0chunked\r\n',
	'a tab before chunks': 'Transfer-Encoding:\tchunked\r\n',
	'a tab behind chunks': 'Transfer-Encoding: chunked \t\r\n',
	'a tab before a length': 'Content-Length: \t5\r\n',
	'a tab behind a length': 'Content-Length: 5\t\r\n',
	'no coding': 'Transfer-Encoding:\r\n',
};

for (const [what, lines] of Object.entries(refused)) {
	test(`refused: ${what}`, t => {
		t.throws(() => framing(lines), {instanceOf: Malformed});
	});
}

test('HTTP/1.0 has lengths, and no codings', t => {
	t.is(framing('Content-Length: 3\r\n', 0), 3);
	t.is(framing('', 0), 'none');
	t.throws(() => framing('Transfer-Encoding: chunked\r\n', 0), {instanceOf: Malformed});
});
