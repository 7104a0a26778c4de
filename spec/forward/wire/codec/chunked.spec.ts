import test, {type ExecutionContext} from 'ava';
import {Malformed} from '../../../../lib/forward/wire/codec/octets.js';
import {splits} from '../splits.js';
import {follow} from './follow.js';

/** Follows a body however it is split, with the bytes of the next message behind it. */
function same(t: ExecutionContext, text: string, expected: {passed: string; data: string}) {
	for (const parts of splits(text)) {
		for (const more of ['', 'GET / HTTP/1.1\r\n\r\n']) {
			const followed = follow([...parts.slice(0, -1), withMore(parts.at(-1), more)]);
			t.true(followed.done);
			t.is(followed.consumed, text.length);
			t.is(followed.data, expected.data);
			t.is(followed.passed + (followed.tail ?? ''), expected.passed);
		}
	}
}

function withMore(part: Buffer | undefined, more: string) {
	return Buffer.concat([part ?? Buffer.alloc(0), Buffer.from(more)]);
}

const bodies: Record<string, [text: string, data: string, passed?: string]> = {
	'no data': ['0\r\n\r\n', ''],
	'one chunk': ['5\r\nhello\r\n0\r\n\r\n', 'hello'],
	'several chunks': ['1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n', 'abcdef'],
	'sizes of more than one digit': [`1F\r\n${'x'.repeat(31)}\r\n0\r\n\r\n`, 'x'.repeat(31)],
	'sizes in both cases': [
		`a\r\n${'y'.repeat(10)}\r\nA\r\n${'z'.repeat(10)}\r\n0\r\n\r\n`,
		'y'.repeat(10) + 'z'.repeat(10),
	],
	'leading zeros': ['0000000000000003\r\nabc\r\n000\r\n\r\n', 'abc'],
	'line breaks in the data': ['4\r\n\r\n\r\n\r\n2\r\n0\r\r\n0\r\n\r\n', '\r\n\r\n0\r'],
	'what looks like the end, in the data': ['5\r\n0\r\n\r\n\r\n0\r\n\r\n', '0\r\n\r\n'],
	extensions: ['2;a=b;c="d e"\r\nxy\r\n0;last\r\n\r\n', 'xy'],
	'extensions in quotes': ['1;a="b\\";\\\\=\t\xe9";c=""\r\nx\r\n0;d="";e\r\n\r\n', 'x'],
	trailers: ['1\r\nx\r\n0\r\nA: 1\r\nB: 2\r\n\r\n', 'x'],
	'trailers with white space': ['0\r\nA:  1 \r\n\r\n', '', '0\r\nA: 1\r\n\r\n'],
};

for (const [what, [text, data, passed = text]] of Object.entries(bodies)) {
	test(`followed through every split: ${what}`, t => {
		same(t, text, {data, passed});
	});
}

const refused: Record<string, string> = {
	'no size': '\r\nabc',
	'a size with a sign': '+3\r\nabc',
	'a negative size': '-3\r\nabc',
	'a size with a prefix': '0x3\r\nabc',
	'white space before a size': ' 3\r\nabc',
	'white space behind a size': '3 \r\nabc',
	'white space before an extension': '3 ;a\r\nabc',
	'an underscore in a size': '1_0\r\nabc',
	'a size of no digits': 'g\r\nabc',
	'an extension without a size': ';a\r\nabc',
	'LF alone behind a size': '3\nabc',
	'CR alone behind a size': '3\rabc',
	'two CR behind a size': '3\r\r\nabc',
	'LF alone behind an extension': '3;a\nabc',
	'CR alone in an extension': '3;a\rb\r\nabc',
	'NUL in an extension': '3;a\0\r\nabc',
	'an empty extension': '3;\r\nabc',
	'an empty extension behind another': '3;a;\r\nabc',
	'an extension without a name': '3;=b\r\nabc',
	'an extension without its value': '3;a=\r\nabc',
	'an extension with two values': '3;a=b=c\r\nabc',
	'a space in an extension': '3;a b\r\nabc',
	'white space behind the semicolon': '3; a\r\nabc',
	'white space behind an extension': '3;a=b\t\r\nabc',
	'a separator in an extension': '3;a/b\r\nabc',
	'an octet over 127 in an extension': '3;a=\xe9\r\nabc',
	'quotes that are not closed': '3;a="b\r\nabc"\r\n',
	'an escaped quote for the closing one': '3;a="b\\"\r\nabc',
	'something behind the closing quote': '3;a="b"c\r\nabc',
	'CR alone in quotes': '3;a="\r"\r\nabc',
	'LF alone in quotes': '3;a="\n"\r\nabc',
	'an escaped CR': '3;a="\\\r\n"\r\nabc',
	'more data than its size says': '3\r\nabcd\r\n',
	'less data than its size says': '3\r\nab\r\n0',
	'LF alone behind the data': '3\r\nabc\n',
	'CR alone behind the data': '3\r\nabc\r0',
	'no size behind a chunk': '1\r\na\r\n\r\n',
	'an end with LF alone': '0\r\n\n',
	'an end with CR alone': '0\r\n\rG\r\n\r\n',
	'a trailer without a name': '0\r\n: 1\r\n\r\n',
	'a trailer that is folded': '0\r\nA: 1\r\n 2\r\n\r\n',
	'white space before a trailer': '0\r\n A: 1\r\n\r\n',
	'white space before a colon': '0\r\nA : 1\r\n\r\n',
	'a trailer that ends with LF alone': '0\r\nA: 1\n\r\n',
	'CR alone in a trailer': '0\r\nA: 1\r2\r\n\r\n',
	'another request instead of trailers': '0\r\nGET / HTTP/1.1\r\n\r\n',
	'2^53 octets': '20000000000000\r\n',
	'2^64 octets': '10000000000000000\r\n',
	'a size that comes round to 1 in 64 bits': '10000000000000001\r\na\r\n',
	'a size that comes round to 1 in 32 bits, and is too large': 'fffffffff00000001\r\na\r\n',
	'seventeen digits': '00000000000000003\r\nabc\r\n',
};

for (const [what, text] of Object.entries(refused)) {
	test(`refused through every split: ${what}`, t => {
		for (const before of ['', '2\r\nok\r\n']) {
			for (const parts of splits(before + text)) {
				t.throws(() => follow(parts), {instanceOf: Malformed});
			}
		}
	});
}

test('a size as large as can be counted is taken', t => {
	const followed = follow([Buffer.from('1fffffffffffff\r\nabc')]);
	t.like(followed, {done: false, data: 'abc', passed: '1fffffffffffff\r\nabc'});
});

test('a body is not done before its last octet', t => {
	for (const [text] of Object.values(bodies)) {
		for (let length = 0; length < text.length; length++) {
			const followed = follow([Buffer.from(text.slice(0, length), 'latin1')]);
			t.false(followed.done, JSON.stringify(text.slice(0, length)));
			t.is(followed.consumed, length);
			t.is(followed.tail, undefined);
		}
	}
});

test('an extension may have 1024 octets, and not one more, in each chunk', t => {
	const chunk = (length: number) => `1;${'e'.repeat(length)}\r\nx\r\n`;
	t.is(follow([Buffer.from(`${chunk(1024)}${chunk(1024)}0\r\n\r\n`)]).data, 'xx');
	t.throws(() => follow([Buffer.from(chunk(1025))]), {instanceOf: Malformed});
	t.throws(() => follow([Buffer.from(chunk(600).slice(0, 500)), Buffer.from('e'.repeat(600))]), {
		instanceOf: Malformed,
	});
});
