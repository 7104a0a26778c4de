import {closeSync, fsyncSync, linkSync, openSync, renameSync} from 'node:fs';
import {join} from 'node:path';
import {systemCode} from '../../errors.js';
import {publishByClaim} from './claim.js';
import {asOwner} from './owner.js';
import {guarded} from './store-error.js';
import {withTemporary} from './temporary-file.js';

const unsupported = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

/**
 * Puts a new file into the store in one step, unless it is there already: other processes see either
 * nothing or all of it, and of several that do this at once exactly one wins.
 *
 * @param content UTF-8
 * @returns whether this call made the file
 * @throws UserError `store-unusable`
 */
export async function publish(directory: string, name: string, content: string): Promise<boolean> {
	const path = join(directory, name);
	for (let attempt = 1; ; attempt++) {
		try {
			asOwner(() => {
				withTemporary(directory, content, temporary => linkSync(temporary, path));
				syncDirectory(directory);
			});
			return true;
		} catch (error) {
			const code = systemCode(error) ?? '';
			if (code === 'EEXIST') {
				return false;
			}
			if (unsupported.has(code)) {
				return await publishByClaim(directory, name, content);
			}
			// ENOENT: a process that cannot see this one swept the temporary file away.
			if (code !== 'ENOENT' || attempt === 5) {
				return guarded(`cannot write ${path}`, () => {
					throw error;
				});
			}
		}
	}
}

/**
 * Puts a file into the store in one step, in place of the one that may be there.
 *
 * @param content text goes as UTF-8
 * @throws UserError `store-unusable`
 */
export function replace(directory: string, name: string, content: string | Buffer): void {
	const path = join(directory, name);
	guarded(`cannot write ${path}`, () => {
		for (let attempt = 1; ; attempt++) {
			try {
				return asOwner(() => {
					withTemporary(directory, content, temporary => renameSync(temporary, path));
					syncDirectory(directory);
				});
			} catch (error) {
				// ENOENT as above; the others on Windows while another process has the file open.
				const passing = ['ENOENT', ...(process.platform === 'win32' ? ['EPERM', 'EACCES'] : [])];
				if (attempt === 5 || !passing.includes(systemCode(error) ?? '')) {
					throw error;
				}
			}
		}
	});
}

/** Makes a new directory entry last over a power cut, where the system can. */
function syncDirectory(directory: string): void {
	try {
		const handle = openSync(directory, 'r');
		try {
			fsyncSync(handle);
		} finally {
			closeSync(handle);
		}
	} catch {
		// Windows and some network file systems cannot; the file itself is on the disk already.
	}
}
