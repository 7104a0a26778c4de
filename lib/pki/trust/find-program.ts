import {lstatSync, realpathSync, statSync} from 'node:fs';
import {dirname, join, win32} from 'node:path';

const places: Readonly<Record<string, readonly string[]>> = {
	win32: [win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32')],
	darwin: ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin', '/opt/homebrew/bin'],
};
const elsewhere = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/**
 * Finds a program by its name in the system's directories, never by PATH, and only where nobody but root
 * can put another one in its place: the file and every directory above it, links resolved, belong to
 * root and cannot be written to by others.
 *
 * @param name without a directory
 * @param directories where to look; those of the platform when left out
 * @returns its absolute path, or `undefined`
 */
export function findProgram(
	name: string,
	directories: readonly string[] = places[process.platform] ?? elsewhere,
): string | undefined {
	const join_ = process.platform === 'win32' ? win32.join : join;
	return directories.map(directory => join_(directory, name)).find(isSafeProgram);
}

/** Whether a path is that of a program which only root can change. */
export function isSafeProgram(path: string): boolean {
	try {
		const real = realpathSync(path);
		const {mode} = statSync(real);
		const isProgram =
			statSync(real).isFile() && (process.platform === 'win32' || (mode & 0o111) !== 0);
		return (
			isProgram && (process.platform === 'win32' || isGuarded(real)) && isGuarded(dirname(path))
		);
	} catch {
		return false;
	}
}

/**
 * Whether nobody but root can change what a path leads to: it and every directory above it belong to
 * root, and neither group nor others may write to them.
 *
 * @param path absolute; links in it are resolved
 */
export function isGuarded(path: string): boolean {
	if (process.platform === 'win32') {
		return true;
	}
	try {
		for (let at = realpathSync(path); ; at = dirname(at)) {
			const {uid, gid, mode} = lstatSync(at);
			const others = gid === 0 ? 0o002 : 0o022;
			if (uid !== 0 || (mode & others) !== 0) {
				return false;
			}
			if (at === dirname(at)) {
				return true;
			}
		}
	} catch {
		return false;
	}
}
