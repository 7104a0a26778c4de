import {at} from '../../codec/octets.js';
import {oddities} from '../field.js';
import {codeLengths, codes} from './huffman-code.js';

/**
 * What eight bits do, for each state and each octet. A state is an inner node of the code's tree; to save
 * time at the start, its 256 steps are made when it is entered first.
 *
 * Bits of a step: 16 to 23 are the first octet that is complete with it, 0 to 7 the second, 24 and 25 how
 * many, 26 and 27 how they are odd, 8 to 15 the next state. 0 is not made yet; `noStep` leads to the mark
 * of the end, which must not come.
 */
let steps: Int32Array | undefined;
const noStep = -1;

/** The two nodes behind each inner node: the state, or `leaf` and the octet. */
let tree: Int16Array | undefined;
const leaf = 0x200;
const endMark = 0x100;

/** States up to this are those behind up to 7 bits that are ones: all that may be left at the end. */
const lastPadding = 7;

/**
 * Decodes a string (RFC 7541 section 5.2).
 *
 * @param target has room for two octets for each of the string
 * @returns how many octets have been written, times 4, and in the two bits how they are odd; or -1 when the
 * string is not allowed: with the mark of the end in it, or not padded with fewer than eight ones
 */
export function decodeHuffman(
	bytes: Uint8Array,
	start: number,
	end: number,
	target: Uint8Array,
): number {
	steps ??= new Int32Array(256 * 256);
	const known = steps;
	let state = 0;
	let length = 0;
	let seen = 0;
	for (let index = start; index < end; index++) {
		const place = state | at(bytes, index);
		let step = known[place] ?? 0;
		if (step <= 0) {
			if (step === 0) {
				makeSteps(known, state);
				step = known[place] ?? noStep;
			}
			if (step === noStep) {
				return -1;
			}
		}
		target[length] = step >> 16;
		target[length + 1] = step;
		length += (step >> 24) & 3;
		seen |= step;
		state = step & 0xff00;
	}
	return state >> 8 <= lastPadding ? (length << 2) | ((seen >> 26) & 3) : -1;
}

function makeSteps(target: Int32Array, state: number): void {
	tree ??= makeTree();
	for (let octet = 0; octet < 256; octet++) {
		target[state | octet] = makeStep(tree, state >> 8, octet);
	}
}

function makeStep(nodes: Int16Array, state: number, octet: number): number {
	let node = state;
	let count = 0;
	let complete = 0;
	for (let bit = 7; bit >= 0; bit--) {
		const reached = nodes[node * 2 + ((octet >> bit) & 1)] ?? 0;
		if (reached === (leaf | endMark)) {
			return noStep;
		}
		node = reached;
		if (reached >= leaf) {
			const decoded = reached & 0xff;
			complete |= (decoded << (count === 0 ? 16 : 0)) | (at(oddities, decoded) << 26);
			count++;
			node = 0;
		}
	}
	return complete | (count << 24) | (node << 8);
}

/** The mark of the end is put in first, so that states are numbered along its ones. */
function makeTree(): Int16Array {
	const nodes = new Int16Array(256 * 2);
	let made = 1;
	for (let octet = endMark; octet >= 0; octet--) {
		const code = codes[octet] ?? 0;
		let node = 0;
		for (let bit = (codeLengths[octet] ?? 0) - 1; bit > 0; bit--) {
			const place = node * 2 + ((code >>> bit) & 1);
			nodes[place] ||= made++;
			node = nodes[place] ?? 0;
		}
		nodes[node * 2 + (code & 1)] = leaf | octet;
	}
	return nodes;
}
