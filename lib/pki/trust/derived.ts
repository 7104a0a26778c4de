import type {X509Certificate} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {hasDirectory} from '../store/directory.js';
import {asOwner} from '../store/owner.js';
import {replace} from '../store/publish.js';
import {isBundle} from './bundle.js';
import {certificatesIn} from './certificates-in.js';
import {javaStoreName, writeJavaStore} from './java-store.js';

/**
 * Takes roots out of the files that `sealport env` has written, since programs that were started under
 * its variables go on reading them. Files without such a root stay as they are.
 *
 * @param directory of the store, absolute
 * @param leaves whether a root is to go
 * @param root what comes in its place; nothing when left out
 * @throws UserError `store-unusable`
 */
export async function refreshDerived(
	directory: string,
	leaves: (certificate: X509Certificate) => boolean,
	root?: X509Certificate,
): Promise<void> {
	const names = hasDirectory(directory) ? asOwner(() => readdirSync(directory)) : [];
	for (const name of names.filter(isBundle)) {
		const text = asOwner(() => readFileSync(join(directory, name), 'utf8'));
		const certificates = certificatesIn(text);
		if (!certificates.some(leaves)) {
			continue;
		}
		const comments = text.match(/^#.*\n/gm) ?? [];
		const kept = certificates.filter(
			certificate => !leaves(certificate) && certificate.fingerprint256 !== root?.fingerprint256,
		);
		const all = root === undefined ? kept : [...kept, root];
		replace(directory, name, [...comments, ...all].join(''));
		if (name === 'bundle.pem' && names.includes(javaStoreName)) {
			await writeJavaStore(directory, all);
		}
	}
}
