import type forgeTypes from 'node-forge';

/** The whole of node-forge, which takes its time to load: only for PKCS#12. */
export type Forge = typeof forgeTypes;

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

/** The hashes by Node's names. */
export type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/**
 * Derives a key as PKCS#12 does (RFC 7292 appendix B.2), from the passphrase in UTF-16.
 *
 * @param length bytes
 */
export function deriveKey(
	forge: Forge,
	{passphrase, salt, rounds, hash}: KeySource,
	purpose: keyof typeof purposes,
	length: number,
): Buffer {
	const bytes = forge.pkcs12.generateKey(
		passphrase,
		forge.util.createBuffer(salt.toString('latin1')),
		purposes[purpose],
		rounds,
		length,
		forge.md[hash].create(),
	);
	return Buffer.from(bytes.getBytes(), 'latin1');
}
