import {type Case, cases, connection, served} from '../helpers/http2/cases.js';
import {
	fieldBlock,
	get,
	indexed,
	integer,
	literal,
	post,
	tableSize,
} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {octetsOf} from '../helpers/http2/huffman.js';
import {http2Stage} from '../helpers/http2/stage.js';

const stage = http2Stage();

const request = fieldBlock(get());
/** A literal field whose value is coded by these bits. */
const coded = (bits: string) => {
	const octets = octetsOf(bits);
	return Buffer.concat([Buffer.from([0, 1, 0x78]), integer(octets.length, 7, 0x80), octets]);
};
const eos = '1'.repeat(30);
const bytes = (...octets: number[]) => Buffer.from(octets);

const broken: Record<string, Buffer> = {
	'6.1: index 0': bytes(0x80),
	'6.1: an index behind the static table while the dynamic one is empty': indexed(62),
	'6.1: a far too large index': indexed(100_000),
	'6.2.1: a name by an index behind both tables': literal(62, 'value', 'indexing'),
	'6.2.2: a name by an index behind both tables': literal(62, 'value'),
	'6.2.3: a name by an index behind both tables': literal(62, 'value', 'never'),
	'2.3.3: an index behind what the dynamic table has': Buffer.concat([
		literal('x-one', '1', 'indexing'),
		indexed(63),
	]),
	'5.1: an index that is cut': bytes(0xff),
	'5.1: an index that is cut in its second octet': bytes(0xff, 0x80),
	'5.1: an index of more octets than any needs': bytes(0xff, ...Array(12).fill(0x80), 1),
	'5.1: an index beyond 2^32': bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
	'5.1: a length that is cut': bytes(0, 1, 0x78, 0x7f),
	'5.1: a length beyond 2^32': bytes(0, 1, 0x78, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x76),
	'5.2: a name that goes on beyond the block': bytes(0, 5, 0x78),
	'5.2: a value that goes on beyond the block': bytes(0, 1, 0x78, 5, 0x76),
	'5.2: a value that is missing': bytes(0, 1, 0x78),
	'5.2: a name that is missing': bytes(0),
	'5.2: a value of an indexed name that is missing': bytes(0x0f, 1),
	'5.2: EOS in a value': coded(eos),
	'5.2: EOS behind a character': coded(`00000${eos}`),
	'5.2: EOS and a character': coded(`${eos}00000`),
	'5.2: more than seven bits of padding': Buffer.concat([
		bytes(0, 1, 0x78, 0x82),
		octetsOf(`000${'1'.repeat(13)}`),
	]),
	'5.2: an octet of padding': bytes(0, 1, 0x78, 0x81, 0xff),
	'5.2: padding that is not of ones': bytes(0, 1, 0x78, 0x81, 0b00000000),
	'5.2: padding that ends with a zero': bytes(0, 1, 0x78, 0x81, 0b00000110),
	'5.2: EOS in a name': Buffer.concat([bytes(0, 0x84), octetsOf(eos), bytes(1, 0x76)]),
	'6.3: a table larger than allowed': tableSize(4097),
	'6.3: a table far larger than allowed': tableSize(2 ** 31),
	'6.3: a size that is cut': bytes(0x3f),
	'6.3: a size beyond 2^32': bytes(0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
	'4.2: a change of the size behind a field': Buffer.concat([indexed(2), tableSize(0)]),
};

cases(stage, [
	...Object.entries(broken).flatMap(([what, block]): Case[] => [
		[`RFC 7541, ${what}`, connection('COMPRESSION_ERROR'), [frame.headers(1, block)]],
		[
			`RFC 7541, ${what}, behind a proper request`,
			connection('COMPRESSION_ERROR'),
			[frame.headers(1, Buffer.concat([request, block]))],
		],
	]),
	...[broken['6.1: index 0'], broken['5.2: EOS in a value'], tableSize(5000)].flatMap(
		(block = bytes()): Case[] => [
			[
				`4.3: trailers that cannot be decoded: ${block.toString('hex')}`,
				connection('COMPRESSION_ERROR'),
				[frame.headers(1, post('/held'), {endStream: false}), frame.headers(1, block)],
			],
			[
				`4.3: a block on a stream that was reset is decoded: ${block.toString('hex')}`,
				connection('COMPRESSION_ERROR'),
				[frame.headers(1, block)],
				async client => {
					client.send(frame.headers(1, post('/held', ['te', 'gzip']), {endStream: false}));
					await client.next({type: 'RST_STREAM', stream: 1});
				},
			],
		],
	),
	[
		'RFC 7541, 4.2: changes of the size at the start of a block',
		served(),
		[frame.headers(1, Buffer.concat([tableSize(0), tableSize(4096), request]))],
	],
	[
		'RFC 7541, 6.2: literals of each kind, with and without Huffman code',
		served(),
		[
			frame.headers(
				1,
				Buffer.concat([
					literal(2, 'GET', 'never', true),
					literal(':scheme', 'https', 'indexing', true),
					literal(1, 'localhost', 'indexing', true),
					literal(':path', '/', 'plain', true),
					literal('x-never', 'x', 'never'),
				]),
			),
		],
	],
	[
		'RFC 7541, 5.1: an integer with octets more than it needs, within reason',
		served(),
		[
			frame.headers(
				1,
				Buffer.concat([request, bytes(0, 1, 0x78, 0x7f, 0x80, 0x00), Buffer.alloc(127, 'v')]),
			),
		],
	],
	[
		'RFC 7541, 5.2: an empty value with Huffman code',
		served(),
		[frame.headers(1, Buffer.concat([request, bytes(0, 1, 0x78, 0x80)]))],
	],
]);
