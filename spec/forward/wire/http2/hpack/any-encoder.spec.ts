import {deepStrictEqual} from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import type {Http2Field} from '../../../../../lib/forward/wire/http2/field.js';
import {HpackDecoder} from '../../../../../lib/forward/wire/http2/hpack/decoder.js';
import {encodeFields} from '../../../../../lib/forward/wire/http2/hpack/encoder.js';
import {tableOf} from './blocks.js';
import {type Choice, NaiveEncoder} from './naive-encoder.js';

const isWhole = process.env.SEALPORT_SPEC_FULL !== undefined;
const numRuns = isWhole ? 10_000 : 200;

// Without a size, generated lists would be short, whatever their largest length is.
const octets = fc
	.array(fc.integer({min: 0, max: 255}), {maxLength: 40, size: 'max'})
	.map(codes => String.fromCharCode(...codes));
const letters = fc
	.array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz-/0123456789'), {
		maxLength: 300,
		size: 'max',
	})
	.map(signs => signs.join(''));

const choices: fc.Arbitrary<Choice> = fc.record({
	name: fc.oneof(
		fc.constantFrom(':method', ':status', 'cookie', 'www-authenticate', 'x-a', 'x-b', 'x-c', ''),
		letters,
		octets,
	),
	value: fc.oneof(fc.constantFrom('GET', '200', 'a', 'b', ''), letters, octets),
	as: fc.constantFrom('indexed', 'indexed', 'incremental', 'without indexing', 'never indexed'),
	nameByIndex: fc.boolean(),
	last: fc.boolean(),
	codedName: fc.boolean(),
	codedValue: fc.boolean(),
});

/** Fields come again within a connection, so that there is something to refer to. */
const connections = fc
	.record({
		tableSize: fc.constantFrom(0, 100, 4096, 10_000),
		pool: fc.array(choices, {minLength: 1, maxLength: 12}),
		blocks: fc.array(
			fc.record({
				sizes: fc.oneof(
					{weight: 5, arbitrary: fc.constant<number[]>([])},
					{weight: 1, arbitrary: fc.array(fc.nat({max: 10_000}), {maxLength: 3})},
				),
				picks: fc.array(fc.oneof(fc.nat({max: 11}), choices), {maxLength: 12, size: 'max'}),
			}),
			{minLength: 1, maxLength: 12, size: 'max'},
		),
	})
	.map(({tableSize, pool, blocks}) => ({
		tableSize,
		blocks: blocks.map(({sizes, picks}) => ({
			sizes: sizes.map(size => Math.min(size, tableSize)),
			fields: picks.map(pick => (typeof pick === 'number' ? pool[pick % pool.length] : pick)),
		})),
	}));

test('what an encoder may write in any way is decoded to the same fields and the same table', t => {
	t.timeout(isWhole ? 60 * 60 * 1000 : 400_000);
	let fields = 0;
	fc.assert(
		fc.property(connections, ({tableSize, blocks}) => {
			const encoder = new NaiveEncoder();
			const decoder = new HpackDecoder(tableSize);
			for (const {sizes, fields: picked} of blocks) {
				const chosen = picked.filter(choice => choice !== undefined);
				const bytes = Buffer.from([
					...sizes.flatMap(size => encoder.resize(size)),
					...chosen.flatMap(choice => encoder.field(choice)),
				]);
				const decoded: Http2Field[] = [];
				decoder.decode(bytes, 0, bytes.length, decoded, 2 ** 20, 1000);
				deepStrictEqual(
					decoded.map(({name, value}) => [name, value]),
					chosen.map(({name, value}) => [name, value]),
				);
				deepStrictEqual(
					tableOf(decoder),
					encoder.table.map(([name, value]) => `${name}: ${value}`),
				);
				fields += decoded.length;
			}
		}),
		{numRuns},
	);
	t.log(`${fields} fields`);
	t.true(fields > numRuns);
});

test('what the encoder writes is decoded to the same fields, whatever is in the table', t => {
	const fields = fc.array(fc.tuple(fc.oneof(letters, octets), fc.oneof(letters, octets)));
	const decoder = new HpackDecoder();
	fc.assert(
		fc.property(fields, pairs => {
			const bytes = encodeFields(pairs.flat());
			const decoded: Http2Field[] = [];
			decoder.decode(bytes, 0, bytes.length, decoded, 2 ** 20, 1000);
			deepStrictEqual(
				decoded.map(({name, value}) => [name, value]),
				pairs,
			);
		}),
		{numRuns},
	);
	t.is(decoder.changes, 0, 'and it leaves the table alone');
});

test('bytes that nobody encoded are fields or an error, and never anything else', t => {
	fc.assert(
		fc.property(fc.uint8Array({maxLength: 200, size: 'max'}), octets => {
			const decoder = new HpackDecoder();
			try {
				decoder.decode(Buffer.from(octets), 0, octets.length, [], 1000, 10);
			} catch (error) {
				deepStrictEqual((error as Error).name, 'ConnectionError');
			}
		}),
		{numRuns: numRuns * 10},
	);
	t.pass();
});
