import test from 'ava';
import {HpackDecoder} from '../../../../../lib/forward/wire/http2/hpack/decoder.js';
import {encodeFields} from '../../../../../lib/forward/wire/http2/hpack/encoder.js';
import {decode, tableOf} from './blocks.js';

/** One block of an example: its octets, its fields, and the table behind it, newest first. */
interface Step {
	readonly hex: string;
	readonly fields: readonly string[];
	readonly table: readonly string[];
	readonly size: number;
}

interface Example {
	readonly title: string;
	/** The size that the table is given before it, by an update that is not part of the example. */
	readonly tableSize?: number;
	readonly steps: readonly Step[];
}

const get = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
const requests = [
	{
		fields: get,
		table: [':authority: www.example.com'],
		size: 57,
	},
	{
		fields: [...get, 'cache-control: no-cache'],
		table: ['cache-control: no-cache', ':authority: www.example.com'],
		size: 110,
	},
	{
		fields: [
			':method: GET',
			':scheme: https',
			':path: /index.html',
			':authority: www.example.com',
			'custom-key: custom-value',
		],
		table: ['custom-key: custom-value', 'cache-control: no-cache', ':authority: www.example.com'],
		size: 164,
	},
];

const at21 = 'date: Mon, 21 Oct 2013 20:13:21 GMT';
const at22 = 'date: Mon, 21 Oct 2013 20:13:22 GMT';
const cacheControl = 'cache-control: private';
const location = 'location: https://www.example.com';
const cookie = 'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1';
const responses = [
	{
		fields: [':status: 302', cacheControl, at21, location],
		table: [location, at21, cacheControl, ':status: 302'],
		size: 222,
	},
	{
		fields: [':status: 307', cacheControl, at21, location],
		table: [':status: 307', location, at21, cacheControl],
		size: 222,
	},
	{
		fields: [':status: 200', cacheControl, at22, location, 'content-encoding: gzip', cookie],
		table: [cookie, 'content-encoding: gzip', at22],
		size: 215,
	},
];

function steps(
	known: ReadonlyArray<Omit<Step, 'hex'>>,
	...blocks: readonly string[]
): readonly Step[] {
	return known.map((step, index) => ({...step, hex: blocks[index] ?? ''}));
}

const examples: readonly Example[] = [
	{
		title: 'C.2.1 literal with indexing',
		steps: [
			{
				hex: '400a637573746f6d2d6b65790d637573746f6d2d686561646572',
				fields: ['custom-key: custom-header'],
				table: ['custom-key: custom-header'],
				size: 55,
			},
		],
	},
	{
		title: 'C.2.2 literal without indexing',
		steps: [
			{hex: '040c2f73616d706c652f70617468', fields: [':path: /sample/path'], table: [], size: 0},
		],
	},
	{
		title: 'C.2.3 literal never indexed',
		steps: [
			{hex: '100870617373776f726406736563726574', fields: ['password: secret'], table: [], size: 0},
		],
	},
	{
		title: 'C.2.4 indexed field',
		steps: [{hex: '82', fields: [':method: GET'], table: [], size: 0}],
	},
	{
		title: 'C.3 requests without Huffman coding',
		steps: steps(
			requests,
			'828684410f7777772e6578616d706c652e636f6d',
			'828684be58086e6f2d6361636865',
			'828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
		),
	},
	{
		title: 'C.4 requests with Huffman coding',
		steps: steps(
			requests,
			'828684418cf1e3c2e5f23a6ba0ab90f4ff',
			'828684be5886a8eb10649cbf',
			'828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
		),
	},
	{
		title: 'C.5 responses without Huffman coding',
		tableSize: 256,
		steps: steps(
			responses,
			'4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d54' +
				'6e1768747470733a2f2f7777772e6578616d706c652e636f6d',
			'4803333037c1c0bf',
			'88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f' +
				'3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b20' +
				'76657273696f6e3d31',
		),
	},
	{
		title: 'C.6 responses with Huffman coding',
		tableSize: 256,
		steps: steps(
			responses,
			'488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad1718' +
				'63c78f0b97c8e9ae82ae43d3',
			'4883640effc1c0bf',
			'88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335' +
				'dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
		),
	},
];

for (const {title, tableSize, steps} of examples) {
	test(`RFC 7541 ${title}: decoded, with the table behind each block`, t => {
		const decoder = new HpackDecoder();
		if (tableSize !== undefined) {
			// 256 less the prefix of five ones.
			decode('3fe101', decoder);
		}
		for (const {hex, fields, table, size} of steps) {
			t.deepEqual(decode(hex, decoder), fields);
			t.deepEqual(tableOf(decoder), table);
			t.is(decoder.tableSize, size);
		}
	});
}

test('RFC 7541 C: what the encoder writes as the examples do', t => {
	const hex = (...fields: string[]) => encodeFields(fields).toString('hex');
	t.is(hex(':method', 'GET'), '82', 'C.2.4');
	t.is(hex(':method', 'GET', ':scheme', 'http', ':path', '/'), '828684', 'C.3.1');
	t.is(hex(':authority', 'www.example.com'), '018cf1e3c2e5f23a6ba0ab90f4ff', 'C.4.1, not indexed');
	t.is(hex('cache-control', 'no-cache'), '0f0986a8eb10649cbf', 'C.4.2, not indexed');
	t.is(
		hex('custom-key', 'custom-value'),
		'008825a849e95ba97d7f8925a849e95bb8e8b4bf',
		'C.4.3, not indexed',
	);
});
