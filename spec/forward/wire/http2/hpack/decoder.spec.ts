import test from 'ava';
import {fieldKind} from '../../../../../lib/forward/wire/http2/field.js';
import {HpackDecoder} from '../../../../../lib/forward/wire/http2/hpack/decoder.js';
import {decode, fieldsOf, refuses} from './blocks.js';

/** `a: ` and a value of so many octets, not Huffman-coded, not indexed; the length as an integer in octets. */
const literalOf = (length: string, octets: number) => `00 01 61 ${length} ${'62'.repeat(octets)}`;

test('integers are read to the last bit of their prefix, and behind it', t => {
	t.is(decode(literalOf('7e', 126))[0]?.length, 3 + 126);
	t.is(decode(literalOf('7f 00', 127))[0]?.length, 3 + 127);
	t.is(decode(literalOf('7f 01', 128))[0]?.length, 3 + 128);
	t.is(decode(literalOf('7f 7f', 254))[0]?.length, 3 + 254);
	t.is(decode(literalOf('7f 80 01', 255))[0]?.length, 3 + 255);
});

test('an integer may have more octets than it needs, as long as no integer of 31 bits has more', t => {
	t.is(decode(literalOf('7f 81 80 80 80 00', 128))[0]?.length, 3 + 128);
	refuses(t, literalOf('7f 81 80 80 80 80 00', 128));
	refuses(t, literalOf(`7f 81${' 80'.repeat(20)} 00`, 128));
	refuses(t, literalOf(`7f${' ff'.repeat(200)} 00`, 128));
});

test('an integer over 2^31 - 1 is an error, whatever it would be in 32 bits', t => {
	// 127 + 2^32, 127 + 2^31 and 31 + 2^32: 127, a negative number and 31 to those who lose the upper bits.
	refuses(t, literalOf('7f 80 80 80 80 10', 127));
	refuses(t, literalOf('7f 80 80 80 80 08', 127));
	refuses(t, '3f 80 80 80 80 10');
	refuses(t, 'ff 80 80 80 80 10');
});

test('a block may end behind a field, and nowhere else', t => {
	const fields = [
		'400a637573746f6d2d6b65798925a849e95bb8e8b4bf',
		'be',
		'82',
		'7f000161',
		'10017a017a',
	];
	let before = '';
	for (const field of fields) {
		for (let length = 2; length < field.length; length += 2) {
			refuses(t, before + field.slice(0, length), withEntry());
		}
		before += field;
		t.notThrows(() => decode(before, withEntry()), before);
	}
});

function withEntry(): HpackDecoder {
	const decoder = new HpackDecoder();
	decode('40 01 61 01 62', decoder);
	return decoder;
}

test('an empty block has no fields', t => {
	t.deepEqual(decode(''), []);
});

test('index 0, and indices that no table has, are errors in every representation', t => {
	refuses(t, '80');
	refuses(t, 'be');
	refuses(t, 'ff 00');
	refuses(t, 'ff ff ff ff 07');
	refuses(t, '7e 01 61');
	refuses(t, '0f 2f 01 61');
	refuses(t, '1f 2f 01 61');
	t.deepEqual(decode('bd'), ['www-authenticate: '], 'the last of the static table');
	const decoder = new HpackDecoder();
	t.deepEqual(decode('7d 01 61 be 7e 01 62 bf be', decoder), [
		'www-authenticate: a',
		'www-authenticate: a',
		'www-authenticate: b',
		'www-authenticate: a',
		'www-authenticate: b',
	]);
	refuses(t, 'c0', decoder);
});

test('names may be empty or odd: that is for the request to judge', t => {
	t.deepEqual(
		fieldsOf('00 00 00 00 01 41 01 00').map(({name, value, isValid}) => [name, value, isValid]),
		[
			['', '', false],
			['A', '\0', false],
		],
	);
});

test('whether a field is valid does not depend on how it is written', t => {
	const isValid = (hex: string) => fieldsOf(hex).map(field => field.isValid);
	t.deepEqual(isValid('00 01 61 01 62'), [true]);
	t.deepEqual(isValid('00 01 41 01 62'), [false], 'a capital in the name');
	t.deepEqual(isValid('00 81 87 01 62'), [false], 'the same, Huffman-coded: C');
	t.deepEqual(isValid('00 81 1f 01 62'), [true], 'a, Huffman-coded');
	t.deepEqual(isValid('00 01 61 01 0a'), [false], 'LF in the value');
	t.deepEqual(isValid('00 01 61 84 ff ff ff f3'), [false], 'the same, Huffman-coded');
	t.deepEqual(isValid('00 01 61 01 20'), [false], 'a value of a blank');
	t.deepEqual(isValid('00 01 61 81 53'), [false], 'the same, Huffman-coded');
	t.deepEqual(isValid('00 01 61 03 622062'), [true], 'a blank within');
	t.deepEqual(isValid('00 01 61 01 e4'), [true], 'an octet over 127');
	t.deepEqual(isValid('00 01 61 01 7f'), [false]);
	t.deepEqual(isValid('00 05 3a70617468 01 62'), [true], ':path in full');
	t.deepEqual(isValid('00 05 3a50617468 01 62'), [false], ':Path');
	t.deepEqual(isValid('00 01 3a 01 62'), [false], 'a colon and no name');
	t.deepEqual(isValid('00 03 613a62 01 62'), [false], 'a colon in a name');
	t.deepEqual(isValid('04 01 0a 04 01 62'), [false, true], 'the name of an index');
	t.deepEqual(isValid('40 01 41 01 62 7e 01 63 be'), [false, false, false], 'from the table');
	t.deepEqual(isValid('40 01 61 01 0a 7e 01 62 be'), [false, true, true], 'only the value was bad');
});

test('what a field means is known from its name, however it comes', t => {
	const kinds = (hex: string) => fieldsOf(hex).map(field => field.kind);
	t.deepEqual(kinds('83 05 01 61'), [fieldKind.method, fieldKind.path], 'by index');
	t.deepEqual(kinds('00 04 686f7374 01 61 00 02 7465 00'), [fieldKind.host, fieldKind.te]);
	t.deepEqual(kinds('00 02 3a78 00 00 01 78 00'), [fieldKind.unknownPseudo, fieldKind.other]);
	t.deepEqual(kinds('40 02 7465 00 7e 01 61 be bf'), Array(4).fill(fieldKind.te), 'from the table');
});

test('an indexed field is the object that the table holds', t => {
	const decoder = new HpackDecoder();
	const [first, again] = fieldsOf('40 01 61 01 62 be', decoder);
	t.is(again, first);
	t.is(fieldsOf('be', decoder)[0], first);
	t.is(fieldsOf('82')[0], fieldsOf('82')[0], 'and that of the static table, on all connections');
});

test('octets before the start and behind the end of a block are not looked at', t => {
	const bytes = Buffer.from('ffff8286ffff', 'hex');
	const fields = fieldsOf('');
	new HpackDecoder().decode(bytes, 2, 4, fields, 1000, 10);
	t.deepEqual(
		fields.map(field => field.name),
		[':method', ':scheme'],
	);
});

test('what is decoded stays when the bytes are used again', t => {
	const bytes = Buffer.from('4001610162', 'hex');
	const fields = fieldsOf('');
	const decoder = new HpackDecoder();
	decoder.decode(bytes, 0, bytes.length, fields, 1000, 10);
	bytes.fill(0xff);
	t.deepEqual(decode('be', decoder), ['a: b']);
	t.is(fields[0]?.line, 'a: b\r\n');
});
