import test from 'ava';
import {
	membersOf,
	rawHeaders,
	readFields,
	valueText,
} from '../../../../lib/forward/wire/codec/fields.js';
import {known} from '../../../../lib/forward/wire/codec/known-names.js';
import {Malformed, TooLarge} from '../../../../lib/forward/wire/codec/octets.js';

function read(lines: string, most = 100) {
	const bytes = Buffer.from(`${lines}\r\n`, 'latin1');
	const fields = readFields(bytes, 0, bytes.length, most);
	return {bytes, fields, raw: rawHeaders(bytes, fields)};
}

test('fields keep their order, their casing and their duplicates', t => {
	const {raw} = read('B: 1\r\nset-cookie: a\r\nSET-Cookie: b\r\nB: 2\r\n');
	t.deepEqual(raw, ['B', '1', 'set-cookie', 'a', 'SET-Cookie', 'b', 'B', '2']);
});

test('there may be none', t => {
	t.deepEqual(read('').raw, []);
});

test('white space around a value does not belong to it, and within it does', t => {
	t.deepEqual(read('A:\t 1 \t2 \t\r\nB:3\r\n').raw, ['A', '1 \t2', 'B', '3']);
});

test('a value may be empty, with white space or without', t => {
	t.deepEqual(read('A:\r\nB: \t \r\n').raw, ['A', '', 'B', '']);
});

test('a value may have colons, and octets over 127', t => {
	t.deepEqual(read('A: b:c: \xe9\xff\x80\r\n').raw, ['A', 'b:c: \xe9\xff\x80']);
});

test('every character of a token may be in a name', t => {
	const name = "!#$%&'*+-.^_`|~09azAZ";
	t.deepEqual(read(`${name}: 1\r\n`).raw, [name, '1']);
});

test('the lines of fields follow one another without a gap', t => {
	const {bytes, fields} = read('A: 1 \r\nBc:  2\r\n');
	t.deepEqual(
		fields.map(({start, nameEnd, valueStart, valueEnd, end}) => [
			start,
			nameEnd,
			valueStart,
			valueEnd,
			end,
		]),
		[
			[0, 1, 3, 4, 7],
			[7, 9, 12, 13, 15],
		],
	);
	t.is(fields.at(-1)?.end, bytes.length - 2);
});

const refused: Record<string, string> = {
	'white space before a colon': 'A : 1\r\n',
	'a tab before a colon': 'A\t: 1\r\n',
	'white space before a name': ' A: 1\r\n',
	'a folded line': 'A: 1\r\n 2\r\n',
	'a line folded with a tab': 'A: 1\r\n\t2\r\n',
	'no name': ': 1\r\n',
	'no colon': 'A\r\n',
	'a separator in a name': 'A(b): 1\r\n',
	'an octet over 127 in a name': 'A\xe9: 1\r\n',
	'a control character in a name': 'A\x01: 1\r\n',
	'NUL in a name': 'A\0: 1\r\n',
	'CR in a name': 'A\rB: 1\r\n',
	'LF alone behind a line': 'A: 1\nB: 2\r\n',
	'CR alone within a value': 'A: 1\r2\r\n',
	'CR alone behind a line': 'A: 1\rB: 2\r\n',
	'two CR behind a line': 'A: 1\r\r\n',
	'CR before a line': '\rA: 1\r\n',
	'NUL in a value': 'A: 1\x002\r\n',
	'a control character in a value': 'A: \x1b[2J\r\n',
	'DEL in a value': 'A: \x7f\r\n',
};

for (const [what, lines] of Object.entries(refused)) {
	test(`refused: ${what}`, t => {
		t.throws(() => read(lines), {instanceOf: Malformed});
		t.throws(() => read(`X: 0\r\n${lines}Y: 9\r\n`), {instanceOf: Malformed});
	});
}

test('no octet that ends a line, or that no text may have, gets into a value', t => {
	for (let octet = 0; octet < 256; octet++) {
		const lines = `A: x${String.fromCharCode(octet)}y\r\n`;
		if (octet === 0x09 || (octet >= 0x20 && octet !== 0x7f)) {
			t.is(read(lines).raw[1]?.length, 3, `octet ${octet}`);
		} else {
			t.throws(() => read(lines), {instanceOf: Malformed}, `octet ${octet}`);
		}
	}
});

test('as many lines as are allowed, and not one more', t => {
	t.is(read('A: 1\r\n'.repeat(5), 5).fields.length, 5);
	t.throws(() => read('A: 1\r\n'.repeat(6), 5), {instanceOf: TooLarge});
});

test('fields are read from where they begin', t => {
	const bytes = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /', 'latin1');
	const fields = readFields(bytes, 16, 27, 10);
	t.deepEqual(rawHeaders(bytes, fields), ['Host', 'a']);
	t.is(fields[0]?.known, known.host);
});

test('the members of a list, over several lines, lower case and without the gaps', t => {
	const {bytes, fields} = read('Connection: A, ,b\r\nX: c\r\nconnection:  C\t,\r\nCONNECTION:\r\n');
	t.deepEqual(membersOf(bytes, fields, known.connection), ['a', 'b', 'c']);
	t.deepEqual(membersOf(bytes, fields, known.upgrade), []);
});

test('the text of a value is what was sent, octet for octet', t => {
	const {bytes, fields} = read('A:  \xc3\xa9 \r\n');
	t.deepEqual(
		fields.map(field => valueText(bytes, field)),
		['\xc3\xa9'],
	);
});
