import {lstatSync, mkdirSync, renameSync, rmSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {systemCode} from '../../errors.js';
import {asOwner} from './owner.js';
import {guarded, storeError} from './store-error.js';
import {withTemporary} from './temporary-file.js';

/** Name of the directory that stands for the right to publish. */
export const claimName = '.sealport-claim';
/** Milliseconds; publishing takes a few, so an older claim is that of a killed process. */
const claimLife = 5_000;

/**
 * `publish` for file systems without hard links (FAT, some network and FUSE ones): the process that
 * makes a certain directory may publish, the others wait for it.
 *
 * @returns whether this call made the file
 * @throws UserError `store-unusable`, also when another process holds the claim for over 10 seconds
 */
export async function publishByClaim(
	directory: string,
	name: string,
	content: string,
): Promise<boolean> {
	const path = join(directory, name);
	const claim = join(directory, claimName);
	for (const end = Date.now() + 2 * claimLife; Date.now() < end; await sleep(20)) {
		if (exists(path)) {
			return false;
		}
		if (!asOwner(() => take(claim))) {
			continue;
		}
		try {
			return guarded(`cannot write ${path}`, () =>
				asOwner(() =>
					withTemporary(directory, content, temporary => {
						if (exists(path)) {
							return false;
						}
						renameSync(temporary, path);
						return true;
					}),
				),
			);
		} finally {
			asOwner(() => rmSync(claim, {recursive: true, force: true}));
		}
	}
	throw storeError(
		`cannot write ${path}`,
		`another process holds ${claim}`,
		'end the other process, or remove that directory',
	);
}

function take(claim: string): boolean {
	return guarded(`cannot write ${claim}`, () => {
		try {
			mkdirSync(claim, 0o700);
			return true;
		} catch (error) {
			if (systemCode(error) !== 'EEXIST') {
				throw error;
			}
			dropStale(claim);
			return false;
		}
	});
}

/**
 * Removes a claim that a killed process left; one younger than 5 seconds may be alive and stays.
 *
 * @param claim its path
 */
export function dropStale(claim: string): void {
	try {
		if (Date.now() - statSync(claim).mtimeMs > claimLife) {
			rmSync(claim, {recursive: true, force: true});
		}
	} catch {
		// It went away by itself.
	}
}

function exists(path: string): boolean {
	return lstatSync(path, {throwIfNoEntry: false}) !== undefined;
}
