import type {KeyObject, X509Certificate} from 'node:crypto';

/** A private key and the certificates to serve with it. */
export interface KeyPair {
	readonly key: KeyObject;
	readonly leaf: X509Certificate;
	/** The leaf, then each certificate's issuer after it, as far as they are known. */
	readonly chain: readonly X509Certificate[];
}

/**
 * Finds the certificate of a key among others, and puts the rest in the order in which TLS 1.2 wants
 * them (RFC 5246 section 7.4.2): each one followed by its issuer. What has no place in that order
 * comes last, since a client may still want it.
 *
 * @returns `undefined` when none belongs to the key
 */
export function pair(
	key: KeyObject,
	certificates: readonly X509Certificate[],
): KeyPair | undefined {
	const leaf = certificates.find(certificate => certificate.checkPrivateKey(key));
	if (leaf === undefined) {
		return undefined;
	}
	const chain = [leaf];
	const rest = new Set(certificates);
	rest.delete(leaf);
	for (const subject of chain) {
		const issuer = [...rest].find(candidate => subject.checkIssued(candidate));
		if (issuer !== undefined) {
			rest.delete(issuer);
			chain.push(issuer);
		}
	}
	return {key, leaf, chain: [...chain, ...rest]};
}
