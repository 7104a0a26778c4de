export const tab = 0x09;
export const lf = 0x0a;
export const cr = 0x0d;
export const space = 0x20;
export const comma = 0x2c;
export const colon = 0x3a;
export const semicolon = 0x3b;

function table(holds: (octet: number) => boolean): Uint8Array {
	return Uint8Array.from({length: 256}, (_, octet) => (holds(octet) ? 1 : 0));
}

/** What a method and a field name are made of: `tchar` of RFC 9110 section 5.6.2. */
export const isTokenOctet = table(octet =>
	/[!#$%&'*+.^_`|~\da-z-]/i.test(octet < 0x80 ? String.fromCharCode(octet) : ' '),
);

/** What a field value and a reason phrase are made of (RFC 9110 section 5.5): no control characters. */
export const isTextOctet = table(octet => octet === tab || (octet >= space && octet !== 0x7f));

/** What a request target is made of (RFC 9112 section 3.2): visible ASCII, and no fragment. */
export const isTargetOctet = table(octet => octet > space && octet < 0x7f && octet !== 0x23);

/** The value of a hexadecimal digit, or 255. */
export const hexDigit = Uint8Array.from({length: 256}, (_, octet) => {
	const value = Number.parseInt(String.fromCharCode(octet), 16);
	return Number.isNaN(value) ? 255 : value;
});

/** The octet at an index that is known to be within the bytes. */
export function at(bytes: Uint8Array, index: number): number {
	return bytes[index] ?? 0;
}

/** A message that is not HTTP/1.1 as RFC 9112 has it; the message says what is wrong with it. */
export class Malformed extends Error {
	override readonly name = 'Malformed';
}

/** A message whose head has more octets or more fields than are allowed. */
export class TooLarge extends Error {
	override readonly name = 'TooLarge';
}

/** Part of the bytes as text, each octet a character. */
export function latin1(bytes: Buffer, start: number, end: number): string {
	return bytes.toString('latin1', start, end);
}

/**
 * A copy of part of the bytes, for what is remembered. Node would put it into a piece of memory that it
 * shares with others (64 KiB on Node 24), and all of that would stay as long as the copy does.
 */
export function ownCopy(bytes: Buffer, start: number, end: number): Buffer {
	const copy = Buffer.allocUnsafeSlow(end - start);
	bytes.copy(copy, 0, start, end);
	return copy;
}

/** Text as bytes, each character an octet, in memory of their own as `ownCopy` has it. */
export function ownBytes(text: string): Buffer {
	const bytes = Buffer.allocUnsafeSlow(text.length);
	bytes.write(text, 'latin1');
	return bytes;
}
