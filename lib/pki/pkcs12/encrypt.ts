import {createCipheriv, pbkdf2Sync, randomBytes} from 'node:crypto';
import type {Der, DerNode} from '../der.js';
import {deriveKey} from './derive.js';
import {oids} from './oids.js';

/**
 * How a PKCS#12 file is encrypted: `modern` is AES-256 with SHA-256, as OpenSSL 3 and Java 17 write it;
 * `legacy` is Triple-DES with SHA-1, which the keychains of macOS and iOS want, and which everything opens.
 */
export type Strength = 'modern' | 'legacy';

/** Something encrypted, and by what. */
export interface Encrypted {
	readonly algorithm: DerNode;
	readonly content: Buffer;
}

/** What slows down guessing of the passphrase: well above other writers, and well below what readers allow. */
export const rounds = 100_000;

/** Encrypts a part of a PKCS#12 file with a passphrase and a salt of its own. */
export function encrypt(
	der: Der,
	plain: Buffer,
	passphrase: string,
	strength: Strength,
): Encrypted {
	return strength === 'modern'
		? encryptModern(der, plain, passphrase)
		: encryptLegacy(der, plain, passphrase);
}

/** PBES2 with PBKDF2, HMAC-SHA256 and AES-256-CBC (RFC 8018 section 6.2). */
function encryptModern(der: Der, plain: Buffer, passphrase: string): Encrypted {
	const salt = randomBytes(16);
	const iv = randomBytes(16);
	const key = pbkdf2Sync(passphrase, salt, rounds, 32, 'sha256');
	const cipher = createCipheriv('aes-256-cbc', key, iv);
	const hmacSha256 = der.sequence(der.oid(oids.hmacSha256), der.nothing());
	const pbkdf2 = der.sequence(der.octets(salt), der.integer(rounds), hmacSha256);
	return {
		algorithm: der.sequence(
			der.oid(oids.pbes2),
			der.sequence(
				der.sequence(der.oid(oids.pbkdf2), pbkdf2),
				der.sequence(der.oid(oids.aes256), der.octets(iv)),
			),
		),
		content: Buffer.concat([cipher.update(plain), cipher.final()]),
	};
}

/** pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C). */
function encryptLegacy(der: Der, plain: Buffer, passphrase: string): Encrypted {
	const salt = randomBytes(16);
	const source = {passphrase, salt, rounds, hash: 'sha1'} as const;
	const cipher = createCipheriv(
		'des-ede3-cbc',
		deriveKey(source, 'key', 24),
		deriveKey(source, 'iv', 8),
	);
	return {
		algorithm: der.sequence(
			der.oid(oids.tripleDesBySha1),
			der.sequence(der.octets(salt), der.integer(rounds)),
		),
		content: Buffer.concat([cipher.update(plain), cipher.final()]),
	};
}
