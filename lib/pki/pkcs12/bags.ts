import type {DerNode} from '../der.js';
import {decrypt, type Opener} from './decrypt.js';
import {Pkcs12Fault} from './fault.js';
import {checkMac} from './mac.js';
import {bytesOf, numberOf, partsOf} from './nodes.js';
import {oids} from './oids.js';

/** What a PKCS#12 file holds, in DER. */
export interface Bags {
	/** PKCS#8. */
	readonly keys: readonly Buffer[];
	readonly certificates: readonly Buffer[];
}

/**
 * Reads what is in a PKCS#12 file (RFC 7292 section 4); lists of revoked certificates and other secrets
 * are left out.
 *
 * @param content DER or BER
 * @throws Pkcs12Fault
 */
export function readBags(opener: Opener, content: Buffer): Bags {
	const [version, info, mac] = partsOf(decode(opener, content));
	const [kind, value] = partsOf(info);
	if (numberOf(version) !== 3 || opener.der.dotted(bytesOf(kind)) !== oids.data) {
		throw new Pkcs12Fault('damaged');
	}
	const safe = bytesOf(partsOf(value)[0]);
	if (checkMac(opener, mac, safe) === false) {
		throw new Pkcs12Fault('passphrase');
	}
	const bags = partsOf(decode(opener, safe)).flatMap(part => readPart(opener, part));
	return {
		keys: bags.flatMap(({key}) => key ?? []),
		certificates: bags.flatMap(({certificate}) => certificate ?? []),
	};
}

const sequenceTag = 0x30;

interface Bag {
	readonly key?: Buffer;
	readonly certificate?: Buffer;
}

function decode({der}: Opener, content: Buffer): DerNode {
	try {
		return der.decode(content);
	} catch {
		throw new Pkcs12Fault('damaged');
	}
}

/** One ContentInfo: bags as they are, or encrypted. */
function readPart(opener: Opener, part: DerNode): readonly Bag[] {
	const [kind, value] = partsOf(part);
	const [content] = partsOf(value);
	const name = opener.der.dotted(bytesOf(kind));
	if (name === oids.data) {
		return readList(opener, decode(opener, bytesOf(content)));
	}
	if (name !== oids.encryptedData) {
		throw new Pkcs12Fault('unknown', `content ${name}`);
	}
	const [, info] = partsOf(content);
	const [, algorithm, encrypted] = partsOf(info);
	const plain = decrypt(opener, algorithm, bytesOf(encrypted));
	return readList(opener, decodeDecrypted(opener, plain));
}

/**
 * The sequence that was encrypted. What is none was decrypted with a wrong key, and its padding looked
 * right by chance.
 */
function decodeDecrypted({der}: Opener, plain: Buffer): DerNode {
	// What every encrypted thing in such a file is, also where that is not in DER but in BER.
	if (plain[0] === sequenceTag) {
		try {
			return der.decode(plain);
		} catch {
			// It began like one by chance.
		}
	}
	throw new Pkcs12Fault('passphrase');
}

function readList(opener: Opener, list: DerNode): readonly Bag[] {
	return partsOf(list).flatMap(bag => readBag(opener, bag));
}

function readBag(opener: Opener, bag: DerNode): readonly Bag[] {
	const [kind, wrapped] = partsOf(bag);
	const [value] = partsOf(wrapped);
	switch (opener.der.dotted(bytesOf(kind))) {
		case oids.keyBag:
			return value === undefined ? [] : [{key: opener.der.encode(value)}];
		case oids.shroudedKeyBag: {
			const [algorithm, encrypted] = partsOf(value);
			const plain = decrypt(opener, algorithm, bytesOf(encrypted));
			decodeDecrypted(opener, plain);
			return [{key: plain}];
		}
		case oids.certBag: {
			const [type, certificate] = partsOf(value);
			return opener.der.dotted(bytesOf(type)) === oids.x509Certificate
				? [{certificate: bytesOf(partsOf(certificate)[0])}]
				: [];
		}
		case oids.nestedBags:
			return value === undefined ? [] : readList(opener, value);
		default:
			return [];
	}
}
