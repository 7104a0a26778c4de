import {
	chmodSync,
	chownSync,
	closeSync,
	fsyncSync,
	ftruncateSync,
	openSync,
	readFileSync,
	realpathSync,
	renameSync,
	statSync,
	writeSync,
} from 'node:fs';
import {dirname, win32} from 'node:path';
import {reasonOf, systemCode, UserError} from '../errors.js';
import {withTemporary} from '../pki/store/temporary-file.js';

/** Where this system keeps its hosts file. */
export function hostsFile(
	platform: NodeJS.Platform = process.platform,
	env: NodeJS.ProcessEnv = process.env,
): string {
	return platform === 'win32'
		? win32.join(env.SystemRoot ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
		: '/etc/hosts';
}

/**
 * Reads a hosts file, one character a byte, so that what is written back is what was there.
 *
 * @returns nothing for a file that does not exist, which Windows allows
 * @throws UserError `hosts-unusable`
 */
export function readHosts(file: string): string {
	let bytes: Buffer;
	try {
		bytes = readFileSync(file);
	} catch (error) {
		if (systemCode(error) === 'ENOENT') {
			return '';
		}
		throw new UserError('hosts-unusable', `cannot read ${file}: ${reasonOf(error)}`, {
			cause: error,
		});
	}
	if (bytes.includes(0)) {
		throw new UserError('hosts-unusable', `cannot read ${file}: it is no text, or UTF-16`, {
			hint: 'save it as UTF-8 or ASCII: the system does not read it otherwise, either',
		});
	}
	return bytes.toString('latin1');
}

/**
 * Changes a hosts file: as a whole, or not at all, where the system lets it be replaced; otherwise, as in
 * containers, which have it mounted, in place. Its owner and permissions stay.
 *
 * @param change what is to become of its text; called again when somebody else has changed it meanwhile
 * @throws UserError `file-unwritable`, `hosts-unusable`, and what `change` throws
 */
export function changeHosts<Result extends {readonly text: string}>(
	file: string,
	change: (text: string) => Result,
): Result {
	for (let attempt = 1; ; attempt++) {
		const before = readHosts(file);
		const result = change(before);
		if (result.text === before) {
			return result;
		}
		try {
			if (write(file, before, result.text)) {
				return result;
			}
		} catch (error) {
			throw new UserError('file-unwritable', `cannot write ${file}: ${reasonOf(error)}`, {
				cause: error,
			});
		}
		if (attempt === 5) {
			throw new UserError('hosts-unusable', `${file}: another program keeps changing it`);
		}
	}
}

/** @returns whether the file was still as it had been */
function write(file: string, before: string, after: string): boolean {
	const place = resolveLink(file);
	const bytes = Buffer.from(after, 'latin1');
	const there = statSync(place, {throwIfNoEntry: false});
	// A file of several names would lose all but one.
	if ((there?.nlink ?? 1) === 1) {
		try {
			return withTemporary(dirname(place), bytes, temporary => {
				chmodSync(temporary, there === undefined ? 0o644 : there.mode & 0o7777);
				if (there !== undefined && process.platform !== 'win32') {
					chownSync(temporary, there.uid, there.gid);
				}
				if (readHosts(place) !== before) {
					return false;
				}
				renameSync(temporary, place);
				return true;
			});
		} catch (error) {
			if (there === undefined || !irreplaceable.has(systemCode(error) ?? '')) {
				throw error;
			}
		}
	}
	overwrite(place, bytes);
	return true;
}

/** Why a file may be written to and not replaced: it is mounted, or the directory is not ours. */
const irreplaceable = new Set(['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS']);

function overwrite(place: string, bytes: Buffer): void {
	const file = openSync(place, 'r+');
	try {
		for (let at = 0; at < bytes.length; ) {
			at += writeSync(file, bytes, at, bytes.length - at, at);
		}
		ftruncateSync(file, bytes.length);
		fsyncSync(file);
	} finally {
		closeSync(file);
	}
}

function resolveLink(file: string): string {
	try {
		return realpathSync(file);
	} catch {
		return file;
	}
}
