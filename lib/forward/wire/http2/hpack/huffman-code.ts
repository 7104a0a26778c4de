/**
 * How many bits each octet has, and the mark of the end at last, 16 octets a line, in base 36
 * (RFC 7541 appendix B).
 */
const lengths = [
	'dnsssssssoussuss',
	'ssssssusssssssss',
	'6aacd68baa8b8666',
	'555666666678f6ca',
	'd677777777777777',
	'77777777878djde6',
	'f565656665776665',
	'67655677777fbeds',
	'kmkkmmmnmnnnnnon',
	'oomnonnnnlmnmnno',
	'mlkmmnnlnmmolmnn',
	'llmlnmnnkmmmnmmn',
	'qqkjmnmpqqqrrqop',
	'jlqrrqrollqqsrrr',
	'koklmllnmmppooqn',
	'qrqqrrrrrsrrrrrq',
	'u',
].join('');

/** Bits of the code of each octet, and of the mark of the end, which is number 256. */
export const codeLengths = Uint8Array.from(lengths, digit => Number.parseInt(digit, 36));

/** Codes as numbers. They follow from their lengths: in order of length, then of octets, each is the next. */
export const codes = new Uint32Array(codeLengths.length);

let next = 0;
for (let length = 5; length <= 30; length++) {
	next *= 2;
	for (let octet = 0; octet < codes.length; octet++) {
		if (codeLengths[octet] === length) {
			codes[octet] = next++;
		}
	}
}
