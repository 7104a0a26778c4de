import {frameTypes, preface} from '../../helpers/http2/names.js';
import type {Random} from '../random.js';
import {type Cut, cut} from './cut.js';
import {changeBlock, changeBytes} from './octets.js';
import {numbers} from './words.js';

/** Makes a frame for a stream. */
export type MakeFrame = (random: Random, stream: number) => Buffer;

/** Longest input, in octets. */
const longest = 400_000;

/** What clients send begins with their preface. */
export function prefaceOf(bytes: Buffer): Buffer {
	return bytes.subarray(0, preface.length).equals(preface) ? preface : preface.subarray(0, 0);
}

/** Changes what one side of a connection sends in a few places, most often frame by frame. */
export function mutateFrames(
	random: Random,
	bytes: Buffer,
	others: readonly Buffer[],
	make: MakeFrame,
): Buffer {
	const begin = prefaceOf(bytes);
	const {frames, rest} = cut(bytes, begin.length);
	const changed = [...frames.map(each => each.bytes), rest];
	for (let count = random.chance(0.5) ? 0 : random.below(8); count >= 0; count--) {
		changeOnce(random, changed, others, make);
	}
	const joined = Buffer.concat([begin, ...changed]).subarray(0, longest);
	return random.chance(0.1) ? changeBytes(random, joined) : joined;
}

function changeOnce(
	random: Random,
	frames: Buffer[],
	others: readonly Buffer[],
	make: MakeFrame,
): void {
	const at = random.below(frames.length);
	const one = Buffer.from(frames[at] ?? '');
	const insert = (...more: Buffer[]) => frames.splice(at, 0, ...more);
	switch (random.below(15)) {
		case 0:
			frames.splice(at, 1 + random.below(2));
			return;
		case 1:
			insert(...Array.from({length: copies(random, one)}, () => one));
			return;
		case 2:
			frames.splice(at, 1);
			frames.splice(random.below(frames.length + 1), 0, one);
			return;
		case 3:
		case 4:
		case 5:
			insert(make(random, streamFor(random, frames)));
			return;
		case 6: {
			const other = random.pick(others);
			const {frames: theirs} = cut(other, prefaceOf(other).length);
			const from = random.below(theirs.length + 1);
			insert(...theirs.slice(from, from + 1 + random.below(5)).map(each => each.bytes));
			return;
		}
		case 7:
			setHead(random, one, frames);
			frames[at] = one;
			return;
		case 8:
			frames[at] = resized(random, one);
			return;
		case 9:
			frames[at] = inParts(random, one);
			return;
		case 10:
		case 11:
		case 12:
			frames[at] = withPayload(one, changeBlock(random, one.subarray(9)));
			return;
		case 13:
			frames[at] = changeNumber(random, one);
			return;
		default:
			frames[at] = withPayload(one, changeBytes(random, one.subarray(9)));
	}
}

/** Most often one; else as many as are a flood, or fill a window. */
function copies(random: Random, one: Buffer): number {
	return random.chance(0.9) ? 1 : one.length > 300 ? 20 : 1200;
}

/** One of those that there are, or the next, or any. */
function streamFor(random: Random, frames: readonly Buffer[]): number {
	const streams = frames.filter(each => each.length >= 9).map(each => each.readUInt32BE(5));
	const last = streams.reduce((most, each) => Math.max(most, each), 0);
	const next = (last % 2 === 0 ? last + 1 : last + 2) % 2 ** 31;
	return random.pick([next, next, random.below(12), ...streams.slice(0, 40)]) % 2 ** 31;
}

function setHead(random: Random, one: Buffer, frames: readonly Buffer[]): void {
	if (one.length < 9) {
		return;
	}
	switch (random.below(4)) {
		case 0:
			one.writeUInt8(random.below(18), 3);
			return;
		case 1:
			one.writeUInt8(one.readUInt8(4) ^ random.pick([1, 4, 8, 0x20, random.below(256)]), 4);
			return;
		case 2:
			one.writeUInt32BE(streamFor(random, frames) + (random.chance(0.1) ? 2 ** 31 : 0), 5);
			return;
		default:
			one.writeUIntBE(random.pick(numbers) % 2 ** 24, 0, 3);
	}
}

/** The frame with another payload, whose length its head says. */
function withPayload(one: Buffer, payload: Buffer): Buffer {
	if (one.length < 9) {
		return one;
	}
	const head = Buffer.from(one.subarray(0, 9));
	head.writeUIntBE(payload.length, 0, 3);
	return Buffer.concat([head, payload]);
}

function resized(random: Random, one: Buffer): Buffer {
	const payload = one.subarray(9);
	return withPayload(
		one,
		random.chance(0.5)
			? payload.subarray(0, random.below(payload.length + 1))
			: Buffer.concat([
					payload,
					Buffer.alloc(random.pick([1, 6, 16_385 - payload.length].filter(n => n > 0))),
				]),
	);
}

/** HEADERS as HEADERS and CONTINUATION. */
function inParts(random: Random, one: Buffer): Buffer {
	const [{type, flags, payload} = {type: -1, flags: 0, payload: one} as Cut] = cut(one, 0).frames;
	if (type !== frameTypes.HEADERS) {
		return one;
	}
	const middle = random.below(payload.length + 1);
	const first = withPayload(one, payload.subarray(0, middle));
	const second = withPayload(one, payload.subarray(middle));
	first.writeUInt8(flags & ~4, 4);
	second.writeUInt8(frameTypes.CONTINUATION, 3);
	second.writeUInt8(flags & 4, 4);
	return Buffer.concat([first, second]);
}

function changeNumber(random: Random, one: Buffer): Buffer {
	if (one.length >= 13) {
		const steps = Math.floor((one.length - 11) / 2);
		one.writeUInt32BE(
			random.pick(numbers),
			9 + Math.min(one.length - 13, 2 * random.below(steps + 1)),
		);
	}
	return one;
}
