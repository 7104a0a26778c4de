import {X509Certificate} from 'node:crypto';
import {join, resolve} from 'node:path';
import type {Authority} from '../authority.js';
import {pemBlocks, pemOf} from '../pem.js';
import {isOurs, type Root, rootOf} from '../root.js';
import {authorityName, caName, parseAuthority} from './authority-file.js';
import {hasDirectory} from './directory.js';
import {peekPrivate} from './private-file.js';
import {retiredRoots} from './retired.js';

/**
 * The authority of a store as it lies there, in or out of its life.
 *
 * @returns `undefined` when there is none; nothing is made
 * @throws UserError `store-unusable` when it is damaged or not to be touched
 */
export async function peekAuthority(path: string): Promise<Authority | undefined> {
	const file = join(resolve(path), authorityName);
	const stored = hasDirectory(path) ? peekPrivate(file) : undefined;
	return stored === undefined ? undefined : parseAuthority(stored.text, file);
}

/**
 * Every root that the files of a store tell of, the replaced ones too, however damaged the rest is.
 * Nothing is made.
 *
 * @throws UserError `store-unusable` when the directory or a file is not to be touched
 */
export function storedRoots(path: string): readonly Root[] {
	if (!hasDirectory(path)) {
		return [];
	}
	const directory = resolve(path);
	const current = [caName, authorityName].flatMap(name => {
		const text = peekPrivate(join(directory, name))?.text ?? '';
		return pemOf(pemBlocks(text), 'CERTIFICATE').filter(isRoot);
	});
	const roots = current.map(pem => rootOf(pem, join(directory, caName)));
	const all = [...roots, ...retiredRoots(directory)];
	return [...new Map(all.reverse().map(root => [root.fingerprint, root])).values()].reverse();
}

function isRoot(pem: string): boolean {
	try {
		return isOurs(new X509Certificate(pem));
	} catch {
		return false;
	}
}
