import test from 'ava';
import fc from 'fast-check';
import {anyFrame, frame} from '../../../../helpers/http2/frames.js';
import {follow, greeting} from './follow.js';

const stream = fc.nat({max: 9});
const payload = fc.uint8Array({maxLength: 40}).map(octets => Buffer.from(octets));
const padding = fc.option(fc.nat({max: 30}), {nil: undefined});

/** Frames as they may be sent. */
const proper: fc.Arbitrary<Buffer> = fc.oneof(
	fc
		.record({on: stream, payload, padding, endStream: fc.boolean()})
		.map(({on, payload: octets, padding: pad, endStream}) =>
			frame.data(on + 1, octets, pad === undefined ? {endStream} : {endStream, padding: pad}),
		),
	fc
		.record({
			on: stream,
			parts: fc.array(payload, {minLength: 1, maxLength: 4}),
			endStream: fc.boolean(),
		})
		.map(({on, parts, endStream}) =>
			Buffer.concat(
				parts.map((part, index) => {
					const endHeaders = index === parts.length - 1;
					return index === 0
						? frame.headers(on + 1, part, {endStream, endHeaders})
						: frame.continuation(on + 1, part, endHeaders);
				}),
			),
		),
	fc.constantFrom(frame.ping(), frame.settings([[3, 7]]), frame.reset(3), frame.windowUpdate(0, 9)),
	fc
		.tuple(fc.integer({min: 0x11, max: 255}), stream, payload)
		.map(([type, on, octets]) => anyFrame(type, 0, on, octets)),
);

/** Frames as they may not. */
const anything = fc
	.tuple(fc.nat({max: 18}), fc.nat({max: 255}), stream, payload)
	.map(([type, flags, on, octets]) => anyFrame(type, flags, on, octets));

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
	let at = 0;
	for (const size of sizes) {
		yield bytes.subarray(at, at + size);
		at += size;
	}
	yield bytes.subarray(at);
}

const sizes = fc.array(fc.nat({max: 30}), {maxLength: 60});

test('frames are read the same however they are split', t => {
	fc.assert(
		fc.property(fc.array(proper, {maxLength: 12}), sizes, (frames, splits) => {
			const bytes = Buffer.concat([greeting, ...frames]);
			const whole = follow([bytes]);
			t.is(whole.error, undefined);
			t.false(whole.incomplete);
			t.deepEqual(follow(cut(bytes, splits)), whole);
		}),
		{numRuns: 500},
	);
});

test('whatever comes ends the same however it is split, and by no other error than those of HTTP/2', t => {
	fc.assert(
		fc.property(fc.array(fc.oneof(proper, anything), {maxLength: 12}), sizes, (frames, splits) => {
			const bytes = Buffer.concat([greeting, ...frames]);
			t.deepEqual(follow(cut(bytes, splits)), follow([bytes]));
		}),
		{numRuns: 500},
	);
	fc.assert(
		fc.property(fc.uint8Array({maxLength: 200}), sizes, (octets, splits) => {
			const bytes = Buffer.concat([greeting, octets]);
			t.deepEqual(follow(cut(bytes, splits)), follow([bytes]));
		}),
		{numRuns: 500},
	);
	t.pass();
});
