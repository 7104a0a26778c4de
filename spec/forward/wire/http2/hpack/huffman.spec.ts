import test from 'ava';
import {decodeHuffman} from '../../../../../lib/forward/wire/http2/hpack/huffman-decoder.js';
import {encodeHuffman} from '../../../../../lib/forward/wire/http2/hpack/huffman-encoder.js';
import {decode, refuses} from './blocks.js';

function encode(text: string): Buffer {
	const target = Buffer.alloc(text.length * 4 + 4);
	return target.subarray(0, encodeHuffman(text, target, 0));
}

function decodeBytes(bytes: Uint8Array): string | undefined {
	const target = Buffer.alloc(bytes.length * 2);
	const result = decodeHuffman(bytes, 0, bytes.length, target);
	return result < 0 ? undefined : target.toString('latin1', 0, result >> 2);
}

const octets = Array.from({length: 256}, (_, octet) => String.fromCharCode(octet));

test('every octet, and every pair of octets, comes back', t => {
	for (const first of octets) {
		t.is(decodeBytes(encode(first)), first);
		for (const second of octets) {
			const text = first + second;
			if (decodeBytes(encode(text)) !== text) {
				t.fail(JSON.stringify(text));
			}
		}
	}
	t.is(decodeBytes(encode(octets.join(''))), octets.join(''));
});

test('the codes are those of RFC 7541 appendix B', t => {
	const bits = (text: string) =>
		[...encode(text)].map(octet => octet.toString(2).padStart(8, '0')).join('');
	// The shortest, the longest, and the first and last of some lengths between.
	t.is(bits('0'), '00000111');
	t.is(bits('t'), '01001111');
	t.is(bits(' '), '01010011');
	t.is(bits('u'), '10110111');
	t.is(bits(':'), '10111001');
	t.is(bits('z'), '11110111');
	t.is(bits('&'), '11111000');
	t.is(bits('Z'), '11111101');
	t.is(bits('!'), '1111111000111111');
	t.is(bits('\0'), '1111111111000111');
	t.is(bits('{'), '1111111111111101');
	t.is(bits('\\'), '111111111111111000011111');
	t.is(bits('\x01'), '111111111111111110110001');
	t.is(bits('\n'), `${'1'.repeat(28)}0011`);
	t.is(bits('\x16'), `${'1'.repeat(28)}1011`);
	t.is(bits('\xff'), '11111111111111111111101110111111');
});

test('up to seven ones may fill the last octet', t => {
	// `a` has five bits, `b` six, `:` seven, `&` eight.
	t.deepEqual(decode('00 01 61 81 1f'), ['a: a']);
	t.deepEqual(decode('00 01 61 81 8f'), ['a: b']);
	t.deepEqual(decode('00 01 61 81 b9'), ['a: :']);
	t.deepEqual(decode('00 01 61 81 f8'), ['a: &']);
	t.deepEqual(decode('00 01 61 80'), ['a: ']);
	t.deepEqual(decode('00 01 61 82 fe3f'), ['a: !'], 'six ones');
});

test('more than seven ones, or none of the ones, are an error', t => {
	refuses(t, '00 01 61 81 ff');
	refuses(t, '00 01 61 82 f8ff');
	refuses(t, '00 01 61 82 1fff');
	refuses(t, '00 01 61 81 18');
	refuses(t, '00 01 61 81 1e');
	refuses(t, '00 01 61 81 00');
	refuses(t, '00 82 1fff 01 61');
});

test('the mark of the end is an error, whatever follows', t => {
	refuses(t, '00 01 61 84 ffffffff');
	refuses(t, '00 01 61 84 fffffffc');
	refuses(t, '00 01 61 85 1fffffffff');
	refuses(t, '00 01 61 88 ffffffff f8f8f8f8');
	refuses(t, '00 01 61 84 fffffff8');
});

test('a long string is decoded whole', t => {
	const text = octets.join('').repeat(64);
	const coded = encode(text);
	t.is(decodeBytes(coded), text);
	const long = '0'.repeat(40_000);
	t.is(decodeBytes(encode(long)), long, 'eight characters in five octets');
});
