import test from 'ava';
import type {Http2Field} from '../../../../../lib/forward/wire/http2/field.js';
import {ConnectionError} from '../../../../../lib/forward/wire/http2/framing/errors.js';
import {HpackDecoder} from '../../../../../lib/forward/wire/http2/hpack/decoder.js';
import {decode as decodeAll, tableOf} from './blocks.js';

function decode(hex: string, most: number, mostFields: number, decoder = new HpackDecoder()) {
	const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
	const fields: Http2Field[] = [];
	const size = decoder.decode(bytes, 0, bytes.length, fields, most, mostFields);
	return {size, names: fields.map(field => field.name).join(' ')};
}

// Of 42, 44 and 38 octets.
const three = '82 87 84';

test('the size of a list counts 32 octets for each field besides its name and value', t => {
	t.deepEqual(decode('', 0, 0), {size: 0, names: ''});
	t.deepEqual(decode('82', 100, 10), {size: 42, names: ':method'});
	t.deepEqual(decode('00 01 61 82 18c7', 100, 10), {size: 32 + 1 + 3, names: 'a'}, 'as decoded');
});

test('a list may be as large as is allowed; of a larger one the fields that fit are there', t => {
	t.deepEqual(decode(three, 124, 10), {size: 124, names: ':method :scheme :path'});
	t.deepEqual(decode(three, 123, 10), {size: 124, names: ':method :scheme'});
	t.deepEqual(decode(three, 42, 10), {size: 124, names: ':method'});
	t.deepEqual(decode(three, 0, 10), {size: 124, names: ''});
});

test('a list may have as many fields as are allowed; of a longer one the first are there', t => {
	t.deepEqual(decode(three, 1000, 3), {size: 124, names: ':method :scheme :path'});
	t.deepEqual(decode(three, 1000, 2), {size: 124, names: ':method :scheme'});
	t.deepEqual(decode(three, 1000, 0), {size: 124, names: ''});
});

test('no field follows one that did not fit, however small it is', t => {
	const large = `00 01 61 64 ${'62'.repeat(100)}`;
	t.deepEqual(decode(`82 ${large} 00 00 00 82`, 100, 10), {
		size: 42 + 133 + 32 + 42,
		names: ':method',
	});
});

test('what is over the limit changes the table all the same, and is counted and checked', t => {
	const decoder = new HpackDecoder();
	const literals = '40 01 61 01 62 00 01 63 81 1f 10 01 64 01 65 0f 2f 02 6262 41 01 66';
	t.deepEqual(decode(literals, 0, 10, decoder), {
		size: 34 + 34 + 34 + 35 + 43,
		names: '',
	});
	t.deepEqual(tableOf(decoder), [':authority: f', 'a: b']);
	for (const wrong of ['00 01 63 81 ff', '00 01 63 02 61', '0f 31 01 61', '80', '82 20']) {
		t.throws(() => decode(`82 ${wrong}`, 0, 10, decoder), {instanceOf: ConnectionError}, wrong);
	}
});

test('a large entry that is referred to again and again is counted, not handed over', t => {
	const decoder = new HpackDecoder();
	const value = 'x'.repeat(4000);
	// 4000 is 127, and 3873 in two octets.
	decodeAll(`40 01 61 7f a1 1e ${Buffer.from(value).toString('hex')}`, decoder);
	const fields: Http2Field[] = [];
	const bytes = Buffer.alloc(16_000, 0xbe);
	const size = decoder.decode(bytes, 0, bytes.length, fields, 65_536, 1000);
	t.is(size, 16_000 * 4033);
	t.is(fields.length, 16);
	t.true(
		fields.every(field => field === fields[0]),
		'one object, whose value lies in memory once',
	);
});

test('a block that goes on behind the limit takes little memory', t => {
	const decoder = new HpackDecoder();
	// A literal without indexing of 64 octets, again and again: decoded in full it would be 10,000 strings.
	const literal = Buffer.from(`0001613f${'62'.repeat(63)}`, 'hex');
	const bytes = Buffer.alloc(literal.length * 10_000, literal);
	const fields: Http2Field[] = [];
	t.is(decoder.decode(bytes, 0, bytes.length, fields, 1000, 1000), 10_000 * 96);
	t.is(fields.length, 10);
	t.is(decoder.tableSize, 0);
});
