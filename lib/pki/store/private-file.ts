import {
	closeSync,
	constants,
	fchmodSync,
	fstatSync,
	lstatSync,
	openSync,
	readFileSync,
} from 'node:fs';
import {systemCode} from '../../errors.js';
import {asOwner} from './owner.js';
import {guarded, storeError} from './store-error.js';

/** A file of the store as it was read. */
export interface PrivateFile {
	readonly text: string;
	/** The mode with which others can open it, such as `0644`, or could, before it was taken back. */
	readonly exposed: string | undefined;
}

const sizeLimit = 65_536;

/**
 * Reads a file of the store without following a symbolic link, and takes its mode back to 0600.
 *
 * @param path the file
 * @returns `undefined` when there is none
 * @throws UserError `store-unusable` for a link, something that is not a plain file, a file of another
 *   user, one of more than 64 KiB, or one that cannot be read
 */
export function readPrivate(path: string): PrivateFile | undefined {
	return read(path, true);
}

/** The same, but the mode stays as it is. */
export function peekPrivate(path: string): PrivateFile | undefined {
	return read(path, false);
}

function read(path: string, mends: boolean): PrivateFile | undefined {
	return guarded(`cannot read ${path}`, () => asOwner(() => readPlain(path, mends)));
}

function readPlain(path: string, mends: boolean): PrivateFile | undefined {
	const file = openUnfollowed(path);
	if (file === undefined) {
		return undefined;
	}
	try {
		const {uid, mode, size, isPlain} = describe(file);
		const hint = 'remove it, or choose another directory with --certs';
		if (!isPlain) {
			throw storeError(`cannot read ${path}`, 'it is not a plain file', hint);
		}
		if (process.geteuid !== undefined && uid !== process.geteuid()) {
			throw storeError(`cannot use ${path}`, `it belongs to another user (uid ${uid})`, hint);
		}
		if (size > sizeLimit) {
			throw storeError(`cannot read ${path}`, `it has ${size} bytes, far too many`, hint);
		}
		const isExposed = process.platform !== 'win32' && (mode & ~0o600) !== 0;
		if (isExposed && mends) {
			fchmodSync(file, 0o600);
		}
		const text = readFileSync(file, 'utf8');
		const wide = isExposed && (mode & 0o077) !== 0;
		return {text, exposed: wide ? `0${mode.toString(8)}` : undefined};
	} finally {
		closeSync(file);
	}
}

function describe(file: number) {
	const found = fstatSync(file);
	return {uid: found.uid, mode: found.mode & 0o7777, size: found.size, isPlain: found.isFile()};
}

function openUnfollowed(path: string): number | undefined {
	// Windows has neither flag; there the look before the opening has to do.
	const {O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0} = constants;
	try {
		if (lstatSync(path).isSymbolicLink()) {
			throw storeError(
				`cannot use ${path}`,
				'it is a symbolic link',
				'put the file itself there, or choose another directory with --certs',
			);
		}
		// O_NONBLOCK, so that a named pipe in its place does not hold the start.
		return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	} catch (error) {
		if (systemCode(error) === 'ENOENT') {
			return undefined;
		}
		throw error;
	}
}
