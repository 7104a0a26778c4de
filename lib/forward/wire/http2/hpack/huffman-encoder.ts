import {codeLengths, codes} from './huffman-code.js';

/** Octets that one octet may become, and that `encodeHuffman` may write behind the end. */
export const mostHuffman = 4;

/** Longest code that fits into 32 bits behind seven that wait. */
const longestQuick = 24;

/** For each octet its code and, in the lower five bits, how many bits it has; 0 for those that are longer. */
const quick = Int32Array.from({length: 256}, (_, octet) => {
	const bits = codeLengths[octet] ?? 0;
	return bits > longestQuick ? 0 : ((codes[octet] ?? 0) << 5) | bits;
});

/**
 * Encodes a text (RFC 7541 section 5.2).
 *
 * @param text each character an octet
 * @param target has room for four octets for each of the text, and for four more
 * @returns the index behind it
 */
export function encodeHuffman(text: string, target: Uint8Array, start: number): number {
	let end = start;
	/** Bits that do not fill an octet yet, from the highest on. */
	let waiting = 0;
	let count = 0;
	// Most octets fill one octet or none, in no order that a processor could foresee: so there is no branch.
	for (let index = 0; index < text.length; index++) {
		const octet = text.charCodeAt(index) & 0xff;
		let code = quick[octet] ?? 0;
		if (code === 0) {
			// The upper bits of a code this long are ones.
			const bits = (codeLengths[octet] ?? 0) - longestQuick;
			waiting |= ((1 << bits) - 1) << (32 - count - bits);
			count += bits;
			target[end] = waiting >>> 24;
			end += count >> 3;
			waiting <<= count & 8;
			count &= 7;
			code = ((codes[octet] ?? 0) << 5) | longestQuick;
		}
		const bits = code & 0x1f;
		count += bits;
		waiting |= (code >>> 5) << (32 - count);
		target[end] = waiting >>> 24;
		target[end + 1] = waiting >>> 16;
		target[end + 2] = waiting >>> 8;
		end += count >> 3;
		waiting <<= count & 0x18;
		count &= 7;
	}
	if (count > 0) {
		target[end++] = (waiting >>> 24) | (0xff >>> count);
	}
	return end;
}
