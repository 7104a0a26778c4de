import {statSync} from 'node:fs';
import {join, win32} from 'node:path';
import {isGuarded} from './guarded.js';

const places: Readonly<Record<string, readonly string[]>> = {
	win32: [win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32')],
	darwin: ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin', '/opt/homebrew/bin'],
};
const elsewhere = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/**
 * Finds a program by its name in the system's directories, never by PATH, and only where nobody but root
 * can put another one in its place: see `isGuarded`.
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
		const found = statSync(path);
		const isProgram = process.platform === 'win32' || (found.mode & 0o111) !== 0;
		return found.isFile() && isProgram && isGuarded(path);
	} catch {
		return false;
	}
}
