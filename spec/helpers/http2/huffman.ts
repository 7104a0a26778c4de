// Lengths of the codes of the printable characters, from the space on (RFC 7541 appendix B). All others
// but NUL have longer codes. Lengths are enough, for the code is canonical: codes of one length follow
// each other in the order of their characters, and behind the shorter ones.
const lengths: readonly number[] = [
	...[6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6],
	...[5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10],
	...[13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7],
	...[7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6],
	...[15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5],
	...[6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13],
];

/** Code, as a text of bits, by character; characters beyond 15 bits are left out. */
const codes = new Map<string, string>();
let code = 0;
for (let length = 5; length <= 15; length++) {
	for (let octet = 0; octet < 127; octet++) {
		if ((octet === 0 ? 13 : lengths[octet - 32]) === length) {
			codes.set(String.fromCharCode(octet), code.toString(2).padStart(length, '0'));
			code++;
		}
	}
	code *= 2;
}
const characters = new Map([...codes].map(([character, bits]) => [bits, character]));

/** Huffman code of a text of printable characters without `\`. */
export function huffmanBits(text: string): string {
	return [...text]
		.map(character => {
			const bits = codes.get(character);
			if (bits === undefined) {
				throw new Error(`no Huffman code here for ${JSON.stringify(character)}`);
			}
			return bits;
		})
		.join('');
}

/** Octets of a text of bits, filled up with ones as RFC 7541 section 5.2 has it. */
export function octetsOf(bits: string): Buffer {
	const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
	return Buffer.from(padded.match(/.{8}/g)?.map(octet => Number.parseInt(octet, 2)) ?? []);
}

/** Reads a Huffman-coded text of the same characters. */
export function readHuffman(bytes: Buffer): string {
	let text = '';
	let bits = '';
	for (const bit of [...bytes].map(octet => octet.toString(2).padStart(8, '0')).join('')) {
		bits += bit;
		const character = characters.get(bits);
		if (character !== undefined) {
			text += character;
			bits = '';
		}
	}
	if (bits.length > 7 || bits.includes('0')) {
		throw new Error(`what does not end as Huffman code does: ${bits}`);
	}
	return text;
}
