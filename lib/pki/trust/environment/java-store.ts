import type {X509Certificate} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fingerprintOf} from '../../root.js';
import {replace} from '../../store/publish.js';

/** Name of the trust store for Java in a store directory. */
export const javaStoreName = 'trust.p12';

/**
 * Writes certificates as a trust store for Java, PKCS#12; leaves a file alone that holds just those.
 *
 * @param directory of the store, absolute
 * @param certificates each once
 * @returns its path
 * @throws UserError `store-unusable`
 */
export async function writeJavaStore(
	directory: string,
	certificates: readonly X509Certificate[],
): Promise<string> {
	const {writeTrustStore} = await import('../../write-pkcs12.js');
	const trusted = certificates.map(certificate => ({
		certificate,
		name: fingerprintOf(certificate).slice(0, 16),
	}));
	const content = await writeTrustStore(trusted);
	const path = join(directory, javaStoreName);
	if (!isContent(path, content)) {
		replace(directory, javaStoreName, content);
	}
	return path;
}

function isContent(path: string, content: Buffer): boolean {
	try {
		return readFileSync(path).equals(content);
	} catch {
		return false;
	}
}
