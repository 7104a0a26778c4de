import {at} from '../../codec/octets.js';
import {codeLengths, codes} from './huffman-code.js';

/**
 * What eight bits do, for each state and each octet. A state is an inner node of the code's tree; to save
 * time at the start, its 256 steps are made when it is entered first.
 *
 * Bits of a step: 0 to 7 the second octet that is complete with it, 8 to 15 the first, 16 and 17 how many,
 * from 18 on the next state. 0 is not made yet; `noStep` leads to the mark of the end, which must not come.
 */
let steps: Int32Array | undefined;
const noStep = -1;

/** The two nodes behind each inner node: the state, or `leaf` and the octet. */
let tree: Int16Array | undefined;
const leaf = 0x200;

/** States up to this are those behind up to 7 bits that are ones: all that may be left at the end. */
const lastPadding = 7;

/**
 * Decodes a string (RFC 7541 section 5.2).
 *
 * @param target has room for two octets for each of the string
 * @returns how many octets have been written, or -1 when the string is not allowed: with the mark of the
 * end in it, or not padded with fewer than eight ones
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
	for (let index = start; index < end; index++) {
		const place = (state << 8) | at(bytes, index);
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
		target[length] = step >> 8;
		target[length + 1] = step;
		length += (step >> 16) & 3;
		state = step >> 18;
	}
	return state <= lastPadding ? length : -1;
}

function makeSteps(target: Int32Array, state: number): void {
	tree ??= makeTree();
	for (let octet = 0; octet < 256; octet++) {
		target[(state << 8) | octet] = makeStep(tree, state, octet);
	}
}

function makeStep(nodes: Int16Array, state: number, octet: number): number {
	let node = state;
	let count = 0;
	let complete = 0;
	for (let bit = 7; bit >= 0; bit--) {
		const reached = nodes[node * 2 + ((octet >> bit) & 1)] ?? 0;
		if (reached === (leaf | 0x100)) {
			return noStep;
		}
		if (reached < leaf) {
			node = reached;
		} else {
			complete |= (reached & 0xff) << (count === 0 ? 8 : 0);
			count++;
			node = 0;
		}
	}
	return (node << 18) | (count << 16) | complete;
}

/** The mark of the end is put in first, so that states are numbered along its ones. */
function makeTree(): Int16Array {
	const nodes = new Int16Array(256 * 2);
	let made = 1;
	for (let octet = 256; octet >= 0; octet--) {
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

/** How many octets a text has when it is encoded; each of its characters is an octet. */
export function huffmanLength(text: string): number {
	let bits = 0;
	for (let index = 0; index < text.length; index++) {
		bits += codeLengths[text.charCodeAt(index) & 0xff] ?? 0;
	}
	return (bits + 7) >>> 3;
}

/**
 * Encodes a text.
 *
 * @returns the index behind it
 */
export function encodeHuffman(text: string, target: Uint8Array, start: number): number {
	let end = start;
	/** Bits that do not fill an octet yet. */
	let pending = 0;
	let waiting = 0;
	for (let index = 0; index < text.length; index++) {
		const octet = text.charCodeAt(index) & 0xff;
		const code = codes[octet] ?? 0;
		let left = codeLengths[octet] ?? 0;
		// Seven bits that wait and sixteen more fit into an integer of 32 bits, thirty would not.
		while (left > 0) {
			const taken = Math.min(left, 16);
			left -= taken;
			pending = (pending << taken) | ((code >>> left) & ((1 << taken) - 1));
			waiting += taken;
			for (; waiting >= 8; waiting -= 8) {
				target[end++] = pending >>> (waiting - 8);
			}
			pending &= 0xff;
		}
	}
	if (waiting > 0) {
		target[end++] = (pending << (8 - waiting)) | (0xff >>> waiting);
	}
	return end;
}
