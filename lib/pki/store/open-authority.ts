import {X509Certificate} from 'node:crypto';
import {join, resolve} from 'node:path';
import type {Authority} from '../authority.js';
import {
	assertAlive,
	authorityName,
	caName,
	parseAuthority,
	renewal,
	serialiseAuthority,
} from './authority-file.js';
import {openDirectory} from './directory.js';
import {peekPrivate, readPrivate} from './private-file.js';
import {publish, replace} from './publish.js';
import {retire} from './retired.js';
import {storeError} from './store-error.js';

/** An authority and where it lies. */
export interface StoredAuthority {
	readonly authority: Authority;
	/** Path of the file with the root certificate, for clients. */
	readonly caFile: string;
	/** What a person should know, in sentences without a full stop. */
	readonly warnings: readonly string[];
}

/**
 * Loads the authority of a store, or makes one where there is none.
 *
 * `authority.pem` holds the issuing CA's key, its certificate and the root's certificate, so that it
 * comes into being in one step. `ca.pem` is derived from it, and written after it.
 *
 * A new authority is made only where no client can trust an old one: never in place of a file that is
 * damaged or expired, and never beside a `ca.pem` whose `authority.pem` is gone, unless that `ca.pem`
 * has expired. `renewAuthority` replaces one.
 *
 * @param path the store directory, made when it is missing
 * @param now milliseconds since 1970
 * @throws UserError `store-unusable`
 */
export async function openAuthority(
	path: string,
	now: number = Date.now(),
): Promise<StoredAuthority> {
	const directory = await openDirectory(path);
	const file = join(directory, authorityName);
	let stored = readPrivate(file);
	if (stored === undefined) {
		refuseOrphan(directory, now);
		const {createAuthority} = await import('../authority.js');
		await publish(directory, authorityName, serialiseAuthority(await createAuthority(now)));
		stored = readPrivate(file);
	}
	if (stored === undefined) {
		throw storeError(`cannot read ${file}`, 'it was removed a moment ago', 'start again');
	}
	const authority = parseAuthority(stored.text, file);
	assertAlive(authority, file, now);
	const caFile = deriveCa(directory, authority);
	const warnings =
		stored.exposed === undefined
			? []
			: [
					`${file} could be read by other users (mode ${stored.exposed}); it is 0600 now, but if you do ` +
						`not trust everybody who uses this machine, ${renewal(directory)}`,
				];
	return {authority, caFile, warnings};
}

/**
 * Makes `ca.pem` what the authority says. What was there instead may be the root of an authority before
 * it, which clients may trust, and so is noted as replaced.
 *
 * @returns its path
 */
export function deriveCa(directory: string, authority: Authority): string {
	const file = join(directory, caName);
	const root = authority.root.toString();
	const found = readPrivate(file)?.text;
	if (found !== root) {
		if (found !== undefined) {
			retire(directory, found);
		}
		replace(directory, caName, root);
	}
	return file;
}

/**
 * Refuses to make an authority in a store which has lost its own, while clients may trust it.
 *
 * @throws UserError `store-unusable`
 */
export function refuseOrphan(path: string, now: number): void {
	const directory = resolve(path);
	// First, because it is written last: a start beside another first start must not see the second
	// file without the first.
	const ca = peekPrivate(join(directory, caName));
	if (ca === undefined || peekPrivate(join(directory, authorityName)) !== undefined) {
		return;
	}
	try {
		if (now > Date.parse(new X509Certificate(ca.text).validTo)) {
			return;
		}
	} catch {
		// Damaged: what it was before, clients may still trust.
	}
	throw storeError(
		`cannot use the store ${directory}`,
		`${authorityName} is missing, but ${caName} is there, which clients may trust`,
		`put ${authorityName} back, or ${renewal(directory)}`,
	);
}
