import {createPrivateKey, type KeyObject, X509Certificate} from 'node:crypto';
import type forgeTypes from 'node-forge';
import {UserError} from '../errors.js';
import {type KeyPair, pair} from './key-pair.js';
import {passphraseHint, readNamed} from './own.js';

type Forge = typeof forgeTypes;
type Bag = forgeTypes.pkcs12.Bag;

/**
 * Reads a key and its certificates from a PKCS#12 file (RFC 7292), as OpenSSL, keytool and browsers
 * write it: PBES2 with AES as well as the older RC2 and Triple-DES, RSA as well as EC keys.
 *
 * @param passphrase none and an empty one are the same
 * @throws UserError `certificate-unreadable`, `certificate-invalid`, `passphrase-wrong` or `key-mismatch`
 */
export async function openPkcs12(path: string, passphrase = ''): Promise<KeyPair> {
	const der = readNamed('pfx', path);
	const {default: forge} = await import('node-forge');
	const bags = decode(forge, der, path, passphrase).safeContents.flatMap(({safeBags}) => safeBags);
	const {keyBag, pkcs8ShroudedKeyBag, certBag} = forge.pki.oids;
	const keys = bags.filter(({type}) => type === keyBag || type === pkcs8ShroudedKeyBag);
	const certs = bags.filter(({type}) => type === certBag);
	if (keys.length === 0 || certs.length === 0) {
		const missing = keys.length === 0 ? 'private key' : 'certificate';
		throw invalid(path, `it holds no ${missing}`);
	}
	let certificates: readonly X509Certificate[];
	let privateKeys: readonly KeyObject[];
	try {
		certificates = certs.map(bag => certificateOf(forge, bag));
		privateKeys = keys.map(bag => keyOf(forge, bag));
	} catch {
		throw invalid(path, 'its key or a certificate is damaged, or of an unknown kind');
	}
	for (const key of privateKeys) {
		const found = pair(key, certificates);
		if (found !== undefined) {
			return found;
		}
	}
	throw new UserError('key-mismatch', `pfx: in ${path} no certificate belongs to the key`, {
		hint: 'make the file anew from the key and the certificate that was made with it',
	});
}

function decode(
	forge: Forge,
	der: Buffer,
	path: string,
	passphrase: string,
): forgeTypes.pkcs12.Pkcs12Pfx {
	const parse = (): forgeTypes.asn1.Asn1 => {
		try {
			return forge.asn1.fromDer(der.toString('latin1'));
		} catch {
			throw invalid(path, 'it is not PKCS#12');
		}
	};
	const attempt = (node: forgeTypes.asn1.Asn1, password?: string) =>
		// The types do not say so, but `undefined` is a password of its own: none, not an empty one.
		forge.pkcs12.pkcs12FromAsn1(node, true, password);
	const attempts = [() => attempt(parse(), passphrase)];
	if (passphrase === '') {
		attempts.push(() => attempt(parse()));
	}
	let why = '';
	for (const read of attempts) {
		try {
			return read();
		} catch (error) {
			why ||= reasonOf(error);
		}
	}
	if (!why.includes('MAC could not be verified')) {
		try {
			// Without its MAC, which cannot be checked when it is of a kind that node-forge does not know
			// (RFC 9579), and with the passphrase in UTF-8, which PBES2 wants, while the MAC wants UTF-16.
			return attempt(withoutMac(parse()), Buffer.from(passphrase, 'utf8').toString('latin1'));
		} catch {
			// The first reason says more.
		}
	}
	if (/unsupported|not supported|unknown|not an? PKCS#12/i.test(why)) {
		throw invalid(path, `its content is of an unknown kind (${why})`);
	}
	throw new UserError(
		'passphrase-wrong',
		passphrase === ''
			? `pfx: ${path} is encrypted, and no passphrase was given`
			: `pfx: the passphrase does not open ${path}`,
		{hint: passphraseHint},
	);
}

/** What node-forge says; an error of ours goes on. */
function reasonOf(error: unknown): string {
	if (error instanceof UserError || !(error instanceof Error)) {
		throw error;
	}
	return error.message.replace(/\.$/, '');
}

function withoutMac(pfx: forgeTypes.asn1.Asn1): forgeTypes.asn1.Asn1 {
	return Array.isArray(pfx.value) ? {...pfx, value: pfx.value.slice(0, 2)} : pfx;
}

/** node-forge reads RSA keys; others it leaves as PKCS#8. */
function keyOf(forge: Forge, bag: Bag): KeyObject {
	const type = bag.key ? 'pkcs1' : 'pkcs8';
	const node = bag.key ? forge.pki.privateKeyToAsn1(bag.key) : bag.asn1;
	return createPrivateKey({key: derOf(forge, node), format: 'der', type});
}

function certificateOf(forge: Forge, bag: Bag): X509Certificate {
	const node = bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1;
	return new X509Certificate(derOf(forge, node));
}

function derOf(forge: Forge, node: forgeTypes.asn1.Asn1): Buffer {
	return Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1');
}

function invalid(path: string, why: string): UserError {
	return new UserError('certificate-invalid', `pfx: cannot use ${path}: ${why}`, {
		hint: 'give a .pfx or .p12 file with a key and its certificate; PEM files go to --cert and --key',
	});
}
