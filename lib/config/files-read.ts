import {statSync} from 'node:fs';

/** What tells a file from what it was before: its inode, its size and its time; `missing` when it is not there. */
export type FileState = string;

/** How a file is now. */
export function stateOf(file: string): FileState {
	try {
		const {ino, size, mtimeNs} = statSync(file, {bigint: true});
		return `${ino} ${size} ${mtimeNs}`;
	} catch {
		return missing;
	}
}

/** The state of a file that is not there. */
export const missing: FileState = 'missing';

/**
 * Files that a configuration is read from, each with its state when it was added. Whoever reads adds first, so that
 * no change after that goes unseen.
 */
export class FilesRead extends Set<string> {
	readonly states = new Map<string, FileState>();

	override add(file: string): this {
		if (!this.has(file)) {
			this.states.set(file, stateOf(file));
		}
		return super.add(file);
	}
}
