import {X509Certificate} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {rootCertificates} from 'node:tls';
import {certificatesIn} from '../certificates-in.js';

/** Where systems keep the roots that they trust, all in one file. */
const files: readonly string[] = [
	// Debian, Ubuntu, Arch, and Alpine with the package ca-certificates.
	'/etc/ssl/certs/ca-certificates.crt',
	// Fedora, RHEL.
	'/etc/pki/tls/certs/ca-bundle.crt',
	// openSUSE.
	'/etc/ssl/ca-bundle.pem',
	// Alpine, macOS.
	'/etc/ssl/cert.pem',
];

/** The roots that this machine trusts. */
export interface Roots {
	/** The file that holds them; `undefined` for those that Node.js brings along. */
	readonly file: string | undefined;
	readonly certificates: readonly X509Certificate[];
}

/**
 * The roots that this machine trusts: of the system where it keeps them in a file, otherwise those of
 * Node.js, which are Mozilla's.
 *
 * @param candidates where to look
 */
export function systemRoots(candidates: readonly string[] = files): Roots {
	for (const file of process.platform === 'win32' ? [] : candidates) {
		const certificates = certificatesOf(file);
		if (certificates.length > 0) {
			return {file, certificates};
		}
	}
	return {file: undefined, certificates: rootCertificates.map(pem => new X509Certificate(pem))};
}

/** The certificates in a file, links followed; none when it cannot be read. */
export function certificatesOf(file: string): readonly X509Certificate[] {
	try {
		return certificatesIn(readFileSync(file));
	} catch {
		return [];
	}
}
