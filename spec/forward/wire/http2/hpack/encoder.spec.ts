import test from 'ava';
import {encodeFields} from '../../../../../lib/forward/wire/http2/hpack/encoder.js';
import {decode} from './blocks.js';

const hex = (...fields: string[]) => encodeFields(fields).toString('hex');

test('no fields are an empty block', t => {
	t.is(hex(), '');
});

test('fields of the static table are one octet', t => {
	t.is(hex(':method', 'GET', ':method', 'POST', ':path', '/', ':path', '/index.html'), '82838485');
	t.is(hex(':scheme', 'http', ':scheme', 'https', 'accept-encoding', 'gzip, deflate'), '868790');
	const codes = ['200', '204', '206', '304', '400', '404', '500'];
	t.is(hex(...codes.flatMap(code => [':status', code])), '88898a8b8c8d8e');
});

test('other fields are literals that no table takes, with the name by index where it has one', t => {
	t.is(hex(':status', '302'), '0882' + '6402', ':status has index 8');
	t.is(hex('www-authenticate', 'a'), '0f2e' + '0161', 'index 61 is 15 and 46');
	t.is(hex('age', ''), '0f06' + '00');
	t.is(hex('x', 'yy'), '00' + '0178' + '027979');
});

test('what is secret is never to be indexed, by anybody', t => {
	t.is(hex('cookie', 'a'), '1f11' + '0161');
	t.is(hex('set-cookie', 'a'), '1f28' + '0161');
	t.is(hex('authorization', 'a'), '1f08' + '0161');
	t.is(hex('proxy-authorization', 'a'), '1f22' + '0161');
});

test('texts are Huffman-coded where that is shorter, and only there', t => {
	t.is(hex('x', 'aaa'), '00' + '0178' + '8218c7', '15 bits');
	t.is(hex('x', 'a'), '00' + '0178' + '0161', 'as long either way');
	t.is(hex('x', '\xff\xff'), '00' + '0178' + '02ffff');
	t.is(hex('x', '~~~~'), '00' + '0178' + '047e7e7e7e');
});

test('texts of any length come back as they were', t => {
	const alphabets = ['a', '~', 'a~', '\xff', 'aaaa\xff', '\0', 'eeeeeeeeeeee\n'];
	for (const alphabet of alphabets) {
		for (const length of [
			0, 1, 30, 125, 126, 127, 128, 158, 159, 203, 204, 254, 255, 256, 16_510,
		]) {
			const text = alphabet.repeat(Math.ceil(length / alphabet.length)).slice(0, length);
			const block = hex('x-before', '1', 'x', text, 'x-behind', '2');
			t.deepEqual(decode(block), ['x-before: 1', `x: ${text}`, 'x-behind: 2'], `${length}`);
		}
	}
});

test('a block has memory of its own, and no more than it needs', t => {
	const block = encodeFields(['x', 'a'.repeat(100)]);
	t.is(block.buffer.byteLength, block.length);
	const before = block.toString('hex');
	encodeFields(['y', 'b'.repeat(10_000)]);
	t.is(block.toString('hex'), before);
});
