import {createDecipheriv, pbkdf2Sync} from 'node:crypto';
import type forgeTypes from 'node-forge';
import type {Der, DerNode} from '../der.js';
import {deriveKey, type Hash} from './derive.js';
import {Pkcs12Fault} from './fault.js';
import {bytesOf, numberOf, partsOf} from './nodes.js';
import {oids} from './oids.js';

/** What decrypting takes besides the encrypted. */
export interface Opener {
	readonly der: Der;
	/** For RC2, which OpenSSL no longer has. */
	readonly forge: typeof forgeTypes;
	/** `undefined` is none at all, which is not the same as an empty one. */
	readonly passphrase: string | undefined;
	/**
	 * Takes rounds of key derivation from what a file may ask for in all.
	 *
	 * @throws Pkcs12Fault `slow`
	 */
	spend(rounds: number): void;
}

interface Cipher {
	readonly name: string;
	/** Of its key, in bytes. */
	readonly key: number;
	/** Of its blocks, in bytes. */
	readonly block: number;
}

const ciphers: Readonly<Record<string, Cipher>> = {
	'2.16.840.1.101.3.4.1.2': {name: 'aes-128-cbc', key: 16, block: 16},
	'2.16.840.1.101.3.4.1.22': {name: 'aes-192-cbc', key: 24, block: 16},
	'2.16.840.1.101.3.4.1.42': {name: 'aes-256-cbc', key: 32, block: 16},
	'1.2.840.113549.3.7': {name: 'des-ede3-cbc', key: 24, block: 8},
};

/** With a key that PKCS#12 itself derives (RFC 7292 appendix C). */
const oldCiphers: Readonly<Record<string, Cipher>> = {
	[oids.tripleDesBySha1]: {name: 'des-ede3-cbc', key: 24, block: 8},
	'1.2.840.113549.1.12.1.4': {name: 'des-ede-cbc', key: 16, block: 8},
	'1.2.840.113549.1.12.1.5': {name: 'rc2', key: 16, block: 8},
	'1.2.840.113549.1.12.1.6': {name: 'rc2', key: 5, block: 8},
};

const hmacs: Readonly<Record<string, Hash>> = {
	'1.2.840.113549.2.7': 'sha1',
	'1.2.840.113549.2.8': 'sha224',
	[oids.hmacSha256]: 'sha256',
	'1.2.840.113549.2.10': 'sha384',
	'1.2.840.113549.2.11': 'sha512',
};

/**
 * Decrypts a part of a PKCS#12 file.
 *
 * @param algorithm its AlgorithmIdentifier
 * @throws Pkcs12Fault of any kind; a wrong passphrase is noticed nearly always, but not always
 */
export function decrypt(opener: Opener, algorithm: DerNode | undefined, content: Buffer): Buffer {
	const [kind, parameters] = partsOf(algorithm);
	const name = opener.der.dotted(bytesOf(kind));
	if (name === oids.pbes2) {
		return decryptPbes2(opener, parameters, content);
	}
	const cipher = known(oldCiphers, name);
	const [salt, count] = partsOf(parameters);
	const rounds = numberOf(count);
	opener.spend(rounds);
	const source = {
		passphrase: opener.passphrase,
		salt: bytesOf(salt),
		rounds,
		hash: 'sha1',
	} as const;
	const key = deriveKey(source, 'key', cipher.key);
	return finish(opener, cipher, key, deriveKey(source, 'iv', cipher.block), content);
}

/** RFC 8018 section 6.2, with PBKDF2. The passphrase goes in as UTF-8. */
function decryptPbes2(opener: Opener, parameters: DerNode | undefined, content: Buffer): Buffer {
	const {der, passphrase = '', spend} = opener;
	const [derivation, scheme] = partsOf(parameters);
	const [function_, how] = partsOf(derivation);
	known({[oids.pbkdf2]: true}, der.dotted(bytesOf(function_)));
	const [salt, count, ...rest] = partsOf(how);
	// Behind an optional key length, which is that of the cipher; without one it is HMAC-SHA1.
	const given = rest.find(({value}) => Array.isArray(value));
	const hmac = given === undefined ? 'sha1' : known(hmacs, der.dotted(bytesOf(partsOf(given)[0])));
	const [encryption, iv] = partsOf(scheme);
	const cipher = known(ciphers, der.dotted(bytesOf(encryption)));
	const rounds = numberOf(count);
	spend(rounds);
	const key = pbkdf2Sync(passphrase, bytesOf(salt), rounds, cipher.key, hmac);
	return finish(opener, cipher, key, bytesOf(iv), content);
}

function finish(opener: Opener, cipher: Cipher, key: Buffer, iv: Buffer, content: Buffer): Buffer {
	if (iv.length !== cipher.block) {
		throw new Pkcs12Fault('damaged');
	}
	if (cipher.name === 'rc2') {
		return decryptRc2(opener, key, iv, content);
	}
	const decipher = createDecipheriv(cipher.name, key, iv);
	try {
		return Buffer.concat([decipher.update(content), decipher.final()]);
	} catch {
		// The padding at the end is not what the writer put there.
		throw new Pkcs12Fault('passphrase');
	}
}

function decryptRc2({forge}: Opener, key: Buffer, iv: Buffer, content: Buffer): Buffer {
	const decipher = forge.rc2.createDecryptionCipher(key.toString('latin1'), key.length * 8);
	decipher.start(iv.toString('latin1'));
	decipher.update(forge.util.createBuffer(content.toString('latin1')));
	if (!decipher.finish()) {
		throw new Pkcs12Fault('passphrase');
	}
	return Buffer.from(decipher.output.getBytes(), 'latin1');
}

function known<Value>(table: Readonly<Record<string, Value>>, name: string): Value {
	const found = table[name];
	if (found === undefined) {
		throw new Pkcs12Fault('unknown', `algorithm ${name}`);
	}
	return found;
}
