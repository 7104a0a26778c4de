import {hash} from 'node:crypto';

/** The hashes by Node's names, each with the length of its block in bytes. */
const blocks = {sha1: 64, sha224: 64, sha256: 64, sha384: 128, sha512: 128} as const;

/** A hash by Node's name. */
export type Hash = keyof typeof blocks;

/** The length of each hash's digest in bytes. */
export const digestLength = {sha1: 20, sha224: 28, sha256: 32, sha384: 48, sha512: 64} as const;

/** What a derived key is for (RFC 7292 appendix B.3). */
const purposes = {key: 1, iv: 2, mac: 3} as const;

/** What a key is derived from. */
export interface KeySource {
	/** `undefined` is none at all, which is not the same as an empty one. */
	readonly passphrase: string | undefined;
	readonly salt: Buffer;
	/** How often the hash is applied: what slows down guessing. */
	readonly rounds: number;
	readonly hash: Hash;
}

/**
 * Derives a key as PKCS#12 does (RFC 7292 appendix B.2). By Node's hashes and not by node-forge's, which
 * take three times as long: NSS asks for 600,000 rounds.
 *
 * @param length bytes
 */
export function deriveKey(
	{passphrase, salt, rounds, hash: name}: KeySource,
	purpose: keyof typeof purposes,
	length: number,
): Buffer {
	const block = blocks[name];
	// UTF-16 with the byte order of the network, and a zero at the end.
	const secret = Buffer.from(passphrase === undefined ? '' : `${passphrase}\0`, 'utf16le').swap16();
	const input = Buffer.concat([repeated(salt, block), repeated(secret, block)]);
	const found: Buffer[] = [];
	for (let size = 0; size < length; ) {
		const whole = Buffer.concat([Buffer.alloc(block, purposes[purpose]), input]);
		const digest = Buffer.from(hash(name, whole, 'binary'), 'latin1');
		for (let round = 1; round < rounds; round++) {
			// By way of a text, which takes half the time of a new buffer each.
			digest.write(hash(name, digest, 'binary'), 'latin1');
		}
		found.push(digest);
		size += digest.length;
		for (let start = 0; start < input.length; start += block) {
			addWithOne(input.subarray(start, start + block), digest);
		}
	}
	return Buffer.concat(found).subarray(0, length);
}

/** The bytes over and over, up to a whole number of blocks. */
function repeated(bytes: Buffer, block: number): Buffer {
	return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}

/** Adds to a number the digest, repeated to the same length, and one; what overflows is dropped. */
function addWithOne(number: Buffer, digest: Buffer): void {
	let carry = 1;
	for (let at = number.length - 1; at >= 0; at--) {
		const sum = (number[at] ?? 0) + (digest[at % digest.length] ?? 0) + carry;
		number[at] = sum & 0xff;
		carry = sum >> 8;
	}
}
