import {
	createHash,
	createHmac,
	type KeyObject,
	randomBytes,
	type X509Certificate,
} from 'node:crypto';
import {type Der, type DerNode, loadDer} from './der.js';
import {encrypt, rounds, type Strength} from './pkcs12-encrypt.js';
import {deriveKey, type Forge} from './pkcs12-key.js';

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

const oids = {
	data: '1.2.840.113549.1.7.1',
	encryptedData: '1.2.840.113549.1.7.6',
	shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
	certBag: '1.2.840.113549.1.12.10.1.3',
	x509Certificate: '1.2.840.113549.1.9.22.1',
	friendlyName: '1.2.840.113549.1.9.20',
	localKeyId: '1.2.840.113549.1.9.21',
	anyExtendedKeyUsage: '2.5.29.37.0',
	// Of Oracle: a certificate that has it is a trusted entry of a keystore, not part of a chain.
	trustedKeyUsage: '2.16.840.1.113894.746875.1.1',
} as const;

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
	const {default: forge} = await import('node-forge');
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
	const shrouded = encrypt(der, forge, plain, passphrase, strength);
	const keys = der.sequence(
		bag(
			der,
			oids.shroudedKeyBag,
			der.sequence(shrouded.algorithm, der.octets(shrouded.content)),
			own,
		),
	);
	const {algorithm, content} = encrypt(der, forge, der.encode(certs), passphrase, strength);
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
	return pfx(der, safe, macOf(der, forge, safe, passphrase, strength));
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

function macOf(
	der: Der,
	forge: Forge,
	safe: Buffer,
	passphrase: string,
	strength: Strength,
): DerNode {
	const {hash, oid, length} =
		strength === 'modern'
			? ({hash: 'sha256', oid: '2.16.840.1.101.3.4.2.1', length: 32} as const)
			: ({hash: 'sha1', oid: '1.3.14.3.2.26', length: 20} as const);
	const salt = randomBytes(16);
	const key = deriveKey(forge, {passphrase, salt, rounds, hash}, 'mac', length);
	const digest = createHmac(hash, key).update(safe).digest();
	return der.sequence(
		der.sequence(der.sequence(der.oid(oid), der.nothing()), der.octets(digest)),
		der.octets(salt),
		der.integer(rounds),
	);
}
