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
const oneOctet = 1 << 24;

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
				tree ??= makeTree();
				makeSteps(tree, known, state, 256, state >> 8, 0);
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

/**
 * Makes the steps of octets that begin with the same bits, from where those bits lead.
 *
 * @param place of the first of these steps
 * @param width how many there are, a power of two
 * @param node reached with these bits
 * @param complete what the step has of octets that are complete with them
 */
function makeSteps(
	nodes: Int16Array,
	target: Int32Array,
	place: number,
	width: number,
	node: number,
	complete: number,
): void {
	if (width === 1) {
		target[place] = complete | (node << 8);
		return;
	}
	const half = width >> 1;
	for (let bit = 0; bit < 2; bit++) {
		const reached = nodes[node * 2 + bit] ?? 0;
		const from = place + bit * half;
		if (reached < leaf) {
			makeSteps(nodes, target, from, half, reached, complete);
		} else if (reached === (leaf | endMark)) {
			target.fill(noStep, from, from + half);
		} else {
			makeSteps(nodes, target, from, half, 0, withOctet(complete, reached & 0xff));
		}
	}
}

function withOctet(complete: number, octet: number): number {
	const shift = complete < oneOctet ? 16 : 0;
	return (complete | (octet << shift) | (at(oddities, octet) << 26)) + oneOctet;
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
