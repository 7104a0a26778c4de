import {chmodSync, lstatSync, mkdirSync, readdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join, posix, resolve, win32} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {systemCode} from '../../errors.js';
import {claimName, dropStale} from './claim.js';
import {asOwner, sudoer} from './owner.js';
import {isRetired} from './retired.js';
import {guarded, storeError} from './store-error.js';
import {isTemporary, sweepTemporaries} from './temporary-file.js';

const ownFiles = new Set([
	'authority.pem',
	'undo',
	'ca.pem',
	'self-signed.pem',
	'leaf.pem',
	'bundle.pem',
	'trust.p12',
	'README.md',
	'.gitignore',
	claimName,
	'.sealport-turn',
]);
/** Roots that a person's environment named, and ours. */
const ownPattern = /^bundle-[\da-f]{16}\.pem$/;
const elsewhere = 'choose another directory with --certs';

/**
 * Where a user's certificates lie when no directory is given: `$XDG_DATA_HOME/sealport` or
 * `~/.local/share/sealport` (XDG Base Directory Specification), on macOS
 * `~/Library/Application Support/Sealport`, on Windows `%LOCALAPPDATA%\Sealport`. Under `sudo` it is the
 * home of the person who called it.
 *
 * @param env the environment; a relative path in it is ignored, as the specification asks
 */
export function defaultDirectory(
	env: Readonly<Record<string, string | undefined>> = process.env,
	platform: string = process.platform,
	home: string = sudoer()?.home ?? homedir(),
): string {
	if (platform === 'win32') {
		const local = env.LOCALAPPDATA;
		return local !== undefined && win32.isAbsolute(local)
			? win32.join(local, 'Sealport')
			: win32.join(home, 'AppData', 'Local', 'Sealport');
	}
	if (platform === 'darwin') {
		return posix.join(home, 'Library', 'Application Support', 'Sealport');
	}
	const data = env.XDG_DATA_HOME;
	return data !== undefined && posix.isAbsolute(data)
		? posix.join(data, 'sealport')
		: posix.join(home, '.local', 'share', 'sealport');
}

/**
 * Makes the store directory, or makes sure that the one there is fit to hold a key: a directory and
 * not a symbolic link, of this user, and not writable by others. New directories, and one that holds
 * nothing but Sealport's own files, get mode 0700. What killed processes left is removed.
 *
 * @returns the absolute path
 * @throws UserError `store-unusable`
 */
export async function openDirectory(path: string): Promise<string> {
	const directory = resolve(path);
	for (let attempt = 1; ; attempt++) {
		try {
			asOwner(() => {
				makeDirectory(directory);
				inspect(directory, true);
				sweepTemporaries(directory);
				dropStale(join(directory, claimName));
			});
			return directory;
		} catch (error) {
			// Under a umask such as 0777 another process's new directory is closed to all for an instant.
			if (systemCode(error) !== 'EACCES' || attempt === 20) {
				return guarded(`cannot use the directory ${directory}`, () => {
					throw error;
				});
			}
			await sleep(10);
		}
	}
}

/**
 * Whether there is a store directory; it is looked at as `openDirectory` does, and nothing is changed.
 *
 * @throws UserError `store-unusable`
 */
export function hasDirectory(path: string): boolean {
	const directory = resolve(path);
	const look = () => {
		if (lstatSync(directory, {throwIfNoEntry: false}) === undefined) {
			return false;
		}
		inspect(directory, false);
		return true;
	};
	return guarded(`cannot use the directory ${directory}`, () => asOwner(look));
}

/** Whether a file in a store directory is there because Sealport wrote it. */
export function isOwn(name: string): boolean {
	return ownFiles.has(name) || ownPattern.test(name) || isRetired(name) || isTemporary(name);
}

function makeDirectory(directory: string): void {
	if (lstatSync(directory, {throwIfNoEntry: false}) !== undefined) {
		return;
	}
	try {
		makeOne(directory);
	} catch (error) {
		if (systemCode(error) !== 'ENOENT' || dirname(directory) === directory) {
			throw error;
		}
		makeDirectory(dirname(directory));
		makeOne(directory);
	}
}

function makeOne(directory: string): void {
	try {
		mkdirSync(directory, 0o700);
		chmodSync(directory, 0o700);
	} catch (error) {
		if (systemCode(error) !== 'EEXIST') {
			throw error;
		}
	}
}

function inspect(directory: string, mends: boolean): void {
	const found = lstatSync(directory);
	const what = `cannot use the directory ${directory}`;
	if (found.isSymbolicLink()) {
		throw storeError(
			what,
			'it is a symbolic link',
			`give the directory it leads to, or ${elsewhere}`,
		);
	}
	if (!found.isDirectory()) {
		throw storeError(what, 'it is not a directory', elsewhere);
	}
	if (process.geteuid === undefined) {
		return;
	}
	if (found.uid !== process.geteuid()) {
		throw storeError(what, `it belongs to another user (uid ${found.uid})`, elsewhere);
	}
	const mode = found.mode & 0o7777;
	if (mode === 0o700) {
		return;
	}
	if (readdirSync(directory).every(isOwn)) {
		if (mends) {
			chmodSync(directory, 0o700);
		}
	} else if ((mode & 0o022) !== 0) {
		throw storeError(
			what,
			`others can write to it (mode 0${mode.toString(8)}), and it holds files that are not Sealport's`,
			`run chmod 700 on it, or ${elsewhere}`,
		);
	}
}
