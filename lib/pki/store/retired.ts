import {X509Certificate} from 'node:crypto';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {isOurs, type Root, rootOf} from '../trust/root.js';
import {asOwner} from './owner.js';
import {peekPrivate} from './private-file.js';
import {replace} from './publish.js';

const pattern = /^retired-[\da-f]{16}\.pem$/;

/** Whether a file name is that of a root which was replaced. */
export function isRetired(name: string): boolean {
	return pattern.test(name);
}

/**
 * Notes that a root was replaced, so that it can be taken out of the trust stores. The note stays: a
 * store that was out of reach may come back with it years later.
 *
 * @param pem what a file says that root was; anything but one of our roots is not noted
 */
export function retire(directory: string, pem: string): void {
	const certificate = certificateOf(pem);
	if (certificate !== undefined && isOurs(certificate)) {
		const {name} = rootOf(certificate.raw, '');
		replace(directory, fileOf(name), certificate.toString());
	}
}

/** The roots of a store that were replaced and may still be trusted somewhere. */
export function retiredRoots(directory: string): readonly Root[] {
	return asOwner(() => readdirSync(directory))
		.filter(isRetired)
		.sort()
		.flatMap(name => {
			const file = join(directory, name);
			const text = peekPrivate(file)?.text ?? '';
			return certificateOf(text) === undefined ? [] : [rootOf(text, file)];
		});
}

function fileOf(rootName: string): string {
	return rootName.replace(/^sealport/, 'retired').concat('.pem');
}

function certificateOf(pem: string): X509Certificate | undefined {
	try {
		return new X509Certificate(pem);
	} catch {
		return undefined;
	}
}
