import {X509Certificate} from 'node:crypto';

/** A root certificate of Sealport, as trust stores know it. */
export interface Root {
	readonly certificate: X509Certificate;
	/** SHA-256 of the certificate: 64 hexadecimal digits in lower case. It identifies the root everywhere. */
	readonly fingerprint: string;
	/** `sealport-` and the first 16 digits of the fingerprint: for stores that want a name. */
	readonly name: string;
	/** Path of a PEM file with this certificate and nothing else. */
	readonly file: string;
}

/**
 * Describes a root.
 *
 * @param pem or DER
 * @param file where it lies
 */
export function rootOf(pem: string | Buffer, file: string): Root {
	const certificate = new X509Certificate(pem);
	const fingerprint = fingerprintOf(certificate);
	return {certificate, fingerprint, name: `sealport-${fingerprint.slice(0, 16)}`, file};
}

/** SHA-256 of a certificate: 64 hexadecimal digits in lower case. */
export function fingerprintOf(certificate: X509Certificate): string {
	return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/**
 * Whether a database may hold a root of Sealport, as far as its bytes tell: certificates lie in it as they
 * are, and one that went out may have left its traces.
 */
export function mayHoldOurs(content: Buffer | undefined): boolean {
	return content?.includes('Sealport local CA ') === true;
}

/** Whether a certificate found in a trust store is a root that some Sealport made. */
export function isOurs({subject, issuer, ca}: X509Certificate): boolean {
	return ca && subject === issuer && /^O=Sealport\nCN=Sealport local CA /.test(subject);
}
