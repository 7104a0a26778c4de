import {
	closeSync,
	fstatSync,
	openSync,
	readdirSync,
	readlinkSync,
	readSync,
	type Stats,
	statSync,
} from 'node:fs';

// Thousands of these calls fail in the ordinary course of things, and nobody reads their stacks. This
// is a setting of the thread, which is the search's own.
const buffer = Buffer.alloc(64 * 1024);

/** The text of a short file of `/proc`, read at once, or `undefined` when it cannot be read. */
export function readShort(path: string): string | undefined {
	let file: number | undefined;
	try {
		file = openSync(path, 'r');
		return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, null));
	} catch {
		return undefined;
	} finally {
		if (file !== undefined) {
			closeSync(file);
		}
	}
}

/** Opens a file of `/proc` that is read again and again; `undefined` when it cannot be. */
export function openFile(path: string): number | undefined {
	try {
		return openSync(path, 'r');
	} catch {
		return undefined;
	}
}

/** The text of a short file that is open, as it is now, or `undefined` when whose it was has ended. */
export function readAgain(file: number): string | undefined {
	try {
		return buffer.toString('latin1', 0, readSync(file, buffer, 0, buffer.length, 0));
	} catch {
		return undefined;
	}
}

/** The size of an open file or folder of `/proc`, or `undefined` when whose it was has ended. */
export function sizeOf(file: number): number | undefined {
	try {
		return fstatSync(file).size;
	} catch {
		return undefined;
	}
}

/** What is known of a file or folder, or `undefined` when there is none. */
export function statOf(path: string): Stats | undefined {
	try {
		return statSync(path, {throwIfNoEntry: false});
	} catch {
		// ESRCH: it is ending.
		return undefined;
	}
}

/** The names in a directory, or `undefined` when they cannot be read. */
export function namesIn(path: string): string[] | undefined {
	try {
		return readdirSync(path);
	} catch {
		return undefined;
	}
}

/** Where a symbolic link leads, or `undefined`. */
export function linkAt(path: string): string | undefined {
	try {
		return readlinkSync(path);
	} catch {
		return undefined;
	}
}

/** The processes that there are. */
export function processes(): string[] {
	return (namesIn('/proc') ?? []).filter(name => {
		const first = name.charCodeAt(0);
		return first >= 0x30 && first <= 0x39;
	});
}
