import test from 'ava';
import {HpackDecoder} from '../../../../../lib/forward/wire/http2/hpack/decoder.js';
import {decode, refuses, tableOf} from './blocks.js';

/** A literal with indexing: a name of one letter, and a value of so many octets up to 126. */
function entry(name: string, octets: number): string {
	const hex = (text: string) => Buffer.from(text).toString('hex');
	return `40 01 ${hex(name)} ${octets.toString(16).padStart(2, '0')} ${hex('v'.repeat(octets))}`;
}

/** A change of the table's size, up to 30 or from 31 to 158. */
function resize(size: number): string {
	return size < 31 ? (0x20 | size).toString(16) : `3f ${(size - 31).toString(16).padStart(2, '0')}`;
}

const names = (decoder: HpackDecoder) =>
	tableOf(decoder)
		.map(text => text[0])
		.join('');

test('the newest entry has the lowest index, and the oldest give way', t => {
	const decoder = new HpackDecoder();
	// Four of 40 octets would be 160.
	decode(`${resize(120)} ${entry('a', 7)} ${entry('b', 7)} ${entry('c', 7)}`, decoder);
	t.is(names(decoder), 'cba');
	t.is(decoder.tableSize, 120);
	decode(entry('d', 7), decoder);
	t.is(names(decoder), 'dcb');
	decode(entry('e', 8), decoder);
	t.is(names(decoder), 'ed', 'one octet more takes the place of two');
	t.is(decoder.tableSize, 81);
});

test('an entry that is as large as the table has it for itself, and a larger one empties it', t => {
	const decoder = new HpackDecoder();
	decode(`${resize(100)} ${entry('a', 7)} ${entry('b', 67)}`, decoder);
	t.is(names(decoder), 'b');
	t.is(decoder.tableSize, 100);
	t.is(decode(entry('c', 68), decoder).length, 1, 'the field itself is there');
	t.is(names(decoder), '');
	t.is(decoder.tableSize, 0);
	decode(entry('d', 7), decoder);
	t.is(names(decoder), 'd');
});

test('a literal may take its name from the entry that gives way to it', t => {
	const decoder = new HpackDecoder();
	decode(`${resize(64)} ${entry('a', 7)}`, decoder);
	t.deepEqual(decode(`7e 08 ${'78'.repeat(8)}`, decoder), [`a: ${'x'.repeat(8)}`]);
	t.deepEqual(tableOf(decoder), [`a: ${'x'.repeat(8)}`]);
});

test('literals without indexing leave the table as it is', t => {
	const decoder = new HpackDecoder();
	decode(entry('a', 7), decoder);
	const before = decoder.changes;
	decode('00 01 62 01 63 10 01 62 01 63 0f 2f 01 63 1f 2f 01 63 be 82', decoder);
	t.is(names(decoder), 'a');
	t.is(decoder.changes, before);
});

test('every change of the table is counted', t => {
	const decoder = new HpackDecoder();
	const changes = [decoder.changes];
	for (const block of [entry('a', 7), resize(30), resize(100), entry('a', 120)]) {
		decode(block, decoder);
		changes.push(decoder.changes);
	}
	t.deepEqual(
		changes,
		[...new Set(changes)].sort((a, b) => a - b),
	);
});

test('a smaller table loses the oldest entries, a larger one gets none of them back', t => {
	const decoder = new HpackDecoder();
	decode(`${entry('a', 7)} ${entry('b', 7)} ${entry('c', 7)}`, decoder);
	t.deepEqual(decode(`${resize(80)} bf`, decoder), ['b: vvvvvvv']);
	t.is(names(decoder), 'cb');
	decode(resize(79), decoder);
	t.is(names(decoder), 'c');
	decode(resize(0), decoder);
	t.is(names(decoder), '');
	refuses(t, 'be', decoder);
	decode(entry('d', 7), decoder);
	t.is(names(decoder), '', 'no room');
	decode(`3f e1 1f ${entry('e', 7)}`, decoder);
	t.is(names(decoder), 'e');
});

test('sizes may change several times before the fields', t => {
	const decoder = new HpackDecoder();
	decode(entry('a', 7), decoder);
	// To nothing and back: what was there is gone.
	decode(`20 ${resize(100)} ${entry('b', 7)} be`, decoder);
	t.is(names(decoder), 'b');
	decode(`${resize(50)} ${resize(60)} ${resize(40)} ${resize(45)} ${entry('c', 12)}`, decoder);
	t.is(names(decoder), 'c');
	decode(entry('d', 13), decoder);
	t.is(names(decoder), '', 'the last size counts');
});

test('a size that changes behind a field is an error', t => {
	t.notThrows(() => decode('20 82'));
	refuses(t, '82 20');
	refuses(t, '82 20 01 61 01 62');
	refuses(t, '20 82 3f e1 1f');
	refuses(t, '40 01 61 01 62 20');
});

test('a block may be nothing but a change of the size', t => {
	t.deepEqual(decode('20'), []);
	refuses(t, '3f');
	refuses(t, '3f e1');
});

test('no table is larger than we said it may be', t => {
	t.notThrows(() => decode('3f e1 1f'), '4096');
	refuses(t, '3f e2 1f');
	refuses(t, '3f ff ff ff ff 07');
	t.notThrows(() => decode('3f e1 ff 03', new HpackDecoder(65_536)), '65,536');
	refuses(t, '3f e2 ff 03', new HpackDecoder(65_536));
	t.notThrows(() => decode('20', new HpackDecoder(0)));
	refuses(t, '21', new HpackDecoder(0));
});

test('the table has 4096 octets until the peer chooses another size', t => {
	for (const decoder of [new HpackDecoder(), new HpackDecoder(65_536), new HpackDecoder(100)]) {
		for (let count = 0; count < 200; count++) {
			decode(entry('a', 31), decoder);
		}
		t.is(tableOf(decoder).length, 64);
		t.is(decoder.tableSize, 4096);
	}
	const large = new HpackDecoder(65_536);
	decode('3f e1 ff 03', large);
	for (let count = 0; count < 2000; count++) {
		decode(entry('a', 31), large);
	}
	t.is(large.tableSize, 65_536);
	t.deepEqual(
		decode('ff be 07', large),
		[`a: ${'v'.repeat(31)}`],
		'the entry that is 1024th, index 1085',
	);
});

test('entries of empty names and values fill the table with as many as can be', t => {
	const decoder = new HpackDecoder();
	decode('40 00 00'.repeat(1000), decoder);
	t.is(decoder.tableSize, 4096);
	t.is(decode('ff 3e', decoder).length, 1, 'index 189, the 128th');
	refuses(t, 'ff 3f', decoder);
});
