import {codeLengths, codes} from './huffman-code.js';

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
