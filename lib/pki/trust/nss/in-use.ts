import {readdirSync, readlinkSync, statSync} from 'node:fs';
import {basename, join} from 'node:path';

/**
 * Whether a running process has one of these files open, as far as this user may know: Linux tells by
 * `/proc`, other systems do not. Compared by inode, since a process in a sandbox knows a file by another
 * path.
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
			.filter(pid => /^\d+$/.test(pid))
			.some(pid => {
				const folder = join('/proc', pid, 'fd');
				return namesIn(folder).some(name => {
					const descriptor = join(folder, name);
					return names.has(basename(targetOf(descriptor))) && wanted.has(inodeOf(descriptor));
				});
			})
	);
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
