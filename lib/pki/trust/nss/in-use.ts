import {readdirSync, readFileSync, readlinkSync, statSync} from 'node:fs';
import {basename, join} from 'node:path';

/**
 * Whether a running process has one of these files open, as far as this user may know: Linux tells by
 * `/proc`, other systems do not. Compared by inode, since a process in a sandbox knows a file by another
 * path. This process and those that it starts do not count: a new one has for an instant whatever is
 * open here.
 *
 * @param files absolute paths
 */
export function isInUse(files: readonly string[]): boolean {
	const names = new Set(files.map(file => basename(file)));
	const wanted = new Set(files.map(inodeOf));
	wanted.delete(undefined);
	return (
		wanted.size > 0 &&
		namesIn('/proc')
			.filter(pid => /^\d+$/.test(pid) && !isOwn(pid))
			.some(pid => {
				const folder = join('/proc', pid, 'fd');
				return namesIn(folder).some(name => {
					const descriptor = join(folder, name);
					return names.has(basename(targetOf(descriptor))) && wanted.has(inodeOf(descriptor));
				});
			})
	);
}

/** By proc_pid_stat(5): the name in parentheses may hold anything, and the parent is the second after it. */
function isOwn(pid: string): boolean {
	try {
		const text = readFileSync(join('/proc', pid, 'stat'), 'latin1');
		const parent = text.slice(text.lastIndexOf(')')).split(' ')[2];
		return [pid, parent].includes(String(process.pid));
	} catch {
		return false;
	}
}

function namesIn(directory: string): readonly string[] {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
}

function targetOf(link: string): string {
	try {
		return readlinkSync(link);
	} catch {
		return '';
	}
}

function inodeOf(path: string): string | undefined {
	try {
		const {dev, ino} = statSync(path, {bigint: true});
		return `${dev} ${ino}`;
	} catch {
		return undefined;
	}
}
