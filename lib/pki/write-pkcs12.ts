import {
	createHash,
	createHmac,
	type KeyObject,
	randomBytes,
	type X509Certificate,
} from 'node:crypto';
import {type Der, type DerNode, loadDer} from './der.js';
import {deriveKey, digestLength} from './pkcs12/derive.js';
import {encrypt, rounds, type Strength} from './pkcs12/encrypt.js';
import {hashOids, oids} from './pkcs12/oids.js';

/** A key with its certificates, for a PKCS#12 file. */
export interface Identity {
	/** RSA or EC. */
	readonly key: KeyObject;
	/** The key's own certificate first. */
	readonly chain: readonly X509Certificate[];
	/** What programs show it as. */
	readonly name: string;
}

/** A certificate that Java is to trust. */
export interface Trusted {
	readonly certificate: X509Certificate;
	/** Its alias, by which two in one file have to differ; Java sees it in lower case. */
	readonly name: string;
}

/**
 * Writes a key and its certificates as PKCS#12 (RFC 7292), encrypted and with a MAC.
 *
 * @param passphrase not empty; any characters, though Java takes ASCII only
 * @param strength `modern` by default
 * @returns DER
 */
export async function writePkcs12(
	{key, chain, name}: Identity,
	passphrase: string,
	strength: Strength = 'modern',
): Promise<Buffer> {
	const der = await loadDer();
	const id = createHash('sha1')
		.update(chain[0]?.raw ?? '')
		.digest();
	const own = [
		attribute(der, oids.friendlyName, der.bmp(name)),
		attribute(der, oids.localKeyId, der.octets(id)),
	];
	const certs = der.sequence(
		...chain.map(({raw}, index) => certBag(der, raw, index === 0 ? own : [])),
	);
	const plain = key.export({type: 'pkcs8', format: 'der'});
	const shrouded = encrypt(der, plain, passphrase, strength);
	const keys = der.sequence(
		bag(
			der,
			oids.shroudedKeyBag,
			der.sequence(shrouded.algorithm, der.octets(shrouded.content)),
			own,
		),
	);
	const {algorithm, content} = encrypt(der, der.encode(certs), passphrase, strength);
	const encrypted = der.sequence(
		der.integer(0),
		der.sequence(der.oid(oids.data), algorithm, der.taggedBytes(0, content)),
	);
	const safe = der.encode(
		der.sequence(
			der.sequence(der.oid(oids.encryptedData), der.tagged(0, encrypted)),
			data(der, der.encode(keys)),
		),
	);
	return pfx(der, safe, macOf(der, safe, passphrase, strength));
}

/**
 * Writes certificates as a PKCS#12 file that Java takes for a trust store. They are public: nothing is
 * encrypted, and there is no MAC, so that Java reads it with any password and without one.
 *
 * @returns DER
 */
export async function writeTrustStore(trusted: readonly Trusted[]): Promise<Buffer> {
	const der = await loadDer();
	const bags = trusted.map(({certificate, name}) =>
		certBag(der, certificate.raw, [
			attribute(der, oids.friendlyName, der.bmp(name)),
			attribute(der, oids.trustedKeyUsage, der.oid(oids.anyExtendedKeyUsage)),
		]),
	);
	return pfx(der, der.encode(der.sequence(data(der, der.encode(der.sequence(...bags))))));
}

function pfx(der: Der, safe: Buffer, ...mac: readonly DerNode[]): Buffer {
	return der.encode(der.sequence(der.integer(3), data(der, safe), ...mac));
}

function data(der: Der, content: Buffer): DerNode {
	return der.sequence(der.oid(oids.data), der.tagged(0, der.octets(content)));
}

function certBag(der: Der, raw: Buffer, attributes: readonly DerNode[]): DerNode {
	const value = der.sequence(der.oid(oids.x509Certificate), der.tagged(0, der.octets(raw)));
	return bag(der, oids.certBag, value, attributes);
}

function bag(der: Der, kind: string, value: DerNode, attributes: readonly DerNode[]): DerNode {
	const set = attributes.length === 0 ? [] : [der.set(...attributes)];
	return der.sequence(der.oid(kind), der.tagged(0, value), ...set);
}

function attribute(der: Der, kind: string, value: DerNode): DerNode {
	return der.sequence(der.oid(kind), der.set(value));
}

function macOf(der: Der, safe: Buffer, passphrase: string, strength: Strength): DerNode {
	const hash = strength === 'modern' ? 'sha256' : 'sha1';
	const salt = randomBytes(16);
	const key = deriveKey({passphrase, salt, rounds, hash}, 'mac', digestLength[hash]);
	const digest = createHmac(hash, key).update(safe).digest();
	return der.sequence(
		der.sequence(der.sequence(der.oid(hashOids[hash]), der.nothing()), der.octets(digest)),
		der.octets(salt),
		der.integer(rounds),
	);
}
