import {createHash, type X509Certificate} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {replace} from '../../store/publish.js';
import type {Roots} from './system-roots.js';

const pattern = /^bundle(-[\da-f]{16})?\.pem$/;

/** Whether a file name is that of a bundle in a store. */
export function isBundle(name: string): boolean {
	return pattern.test(name);
}

/** A file with several roots, ours among them. */
export interface Bundle {
	/** Absolute. */
	readonly path: string;
	/** Each once; ours comes last. */
	readonly certificates: readonly X509Certificate[];
}

/**
 * Writes roots and ours behind them into one file of the store; leaves a file alone that holds just
 * that. Roots of another origin get a file of their own, so that two terminals with different settings
 * do not take theirs away from each other.
 *
 * @param directory of the store, absolute
 * @param root ours
 * @param roots what clients trust besides it
 * @param isSystem whether those are the system's
 * @throws UserError `store-unusable`
 */
export function writeBundle(
	directory: string,
	root: X509Certificate,
	roots: Roots,
	isSystem: boolean,
): Bundle {
	const known = new Map(roots.certificates.map(each => [each.fingerprint256, each]));
	known.delete(root.fingerprint256);
	const certificates = [...known.values(), root];
	const origin = roots.file === undefined ? '' : `# of: ${encodeURI(roots.file)}\n`;
	const text = `# written by sealport env, and written anew when one of these changes\n${origin}${certificates.join('')}`;
	const name = isSystem ? 'bundle.pem' : `bundle-${digest(roots.file ?? '')}.pem`;
	const path = join(directory, name);
	if (contentOf(path) !== text) {
		replace(directory, name, text);
	}
	return {path, certificates};
}

/**
 * Tells what a variable meant before Sealport set it.
 *
 * @param directory of the store, absolute
 * @param given the variable's value: a path
 * @returns the path of the file that stood behind it, absolute; `undefined` when it was not set
 */
export function originOf(directory: string, given: string): string | undefined {
	const path = resolve(given);
	const name = path.slice(directory.length + 1);
	if (dirname(path) !== directory || !(isBundle(name) || name === 'ca.pem')) {
		return path;
	}
	const of = /^# of: (.*)$/m.exec(contentOf(path) ?? '')?.[1];
	return of === undefined || name === 'bundle.pem' ? undefined : decodeURI(of);
}

function digest(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function contentOf(path: string): string | undefined {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return undefined;
	}
}
