import type {Random} from '../random.js';
import {blockWords} from './words.js';

/** Changes a field block, if that is what it is, where its parts may begin. */
export function changeBlock(random: Random, block: Buffer): Buffer {
	const at = random.chance(0.3) ? random.pick([0, block.length]) : random.below(block.length + 1);
	const behind = random.chance(0.7) ? at : at + random.below(8);
	return Buffer.concat([
		block.subarray(0, at),
		random.pick(blockWords),
		block.subarray(Math.min(block.length, behind)),
	]);
}

/** Changes a few octets. */
export function changeBytes(random: Random, bytes: Buffer): Buffer {
	const at = random.below(bytes.length + 1);
	const octets = Buffer.from(Array.from({length: random.below(4)}, () => random.below(256)));
	return Buffer.concat([bytes.subarray(0, at), octets, bytes.subarray(at + random.below(4))]);
}

/** Cuts bytes into pieces. */
export function splitBytes(random: Random, bytes: Buffer): Buffer[] {
	const pieces: Buffer[] = [];
	const usual = bytes.length > 10_000 ? 100_000 : random.pick([1, 5, 30, 1000, 100_000]);
	for (let at = 0; at < bytes.length; ) {
		const size = 1 + random.below(usual);
		pieces.push(bytes.subarray(at, at + size));
		at += size;
	}
	return pieces;
}
