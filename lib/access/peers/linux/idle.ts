import {closeSync, readFileSync} from 'node:fs';
import {namesIn, openFile, readAgain, statOf} from './read.js';

/**
 * How often, and for how long, each thread of a process has run. As long as this stays the same, and did
 * so for `settled` milliseconds, the process has not run at all, and has no descriptor that it did not have
 * before: the kernel puts descriptors into a table on behalf of the thread that asks, within its own time.
 *
 * - `/proc/PID/task/TID/schedstat` counts how often a thread was given a processor, as that begins, and the
 *   nanoseconds that it ran, as that ends and with every tick of the clock. A thread that had no processor
 *   when this was read first cannot have got one without the count; one that had can have kept it, without
 *   a difference, until the next tick, for which `settled` allows.
 * - A thread that is new was made by one that ran. If that has ended since, the threads are not the same: the
 *   files of those that were there are held open, and a thread that has ended has nothing to read.
 * - Another process can share the table of descriptors (CLONE_FILES without CLONE_THREAD) and fill it. Whoever
 *   relies on this has to compare the number of descriptors, and ask once more when the other one has been
 *   found.
 */
export interface Account {
	/** Returns `undefined` where the kernel does not count, and when the process is not as it was. */
	runs(): string | undefined;
	/** Closes the files. */
	close(): void;
}

/** How many files are held open at the most, for all accounts together. */
const filesAtMost = 1000;
let open = 0;

/** Opens the account of a process; `undefined` where there is none, or it is out of sight. */
export function openAccount(pid: string): Account | undefined {
	const folder = `/proc/${pid}/task`;
	const threads = namesIn(folder) ?? [];
	if (threads.length === 0 || open + threads.length > filesAtMost || !ticksAlways()) {
		return undefined;
	}
	const files = threads.flatMap(thread => openFile(`${folder}/${thread}/schedstat`) ?? []);
	open += files.length;
	return {
		runs() {
			// Two links are the folder's own.
			if (statOf(folder)?.nlink !== threads.length + 2) {
				return undefined;
			}
			const lines = files.map(readAgain);
			// Without the count of runs there is nothing to go by; a thread that has never run has none either.
			const areThere = lines.every(line => line !== undefined && !line.endsWith(' 0\n'));
			return areThere && lines.length === threads.length ? lines.join('') : undefined;
		},
		close() {
			open -= files.length;
			for (const file of files.splice(0)) {
				closeSync(file);
			}
		},
	};
}

/** Ten times the longest time between two ticks with 100 of them a second, and a wide margin with more. */
export const settled = 100;

let ticks: boolean | undefined;

/** Processors that are told to run without ticks (`nohz_full`) keep no account that can be relied on. */
function ticksAlways(): boolean {
	if (ticks === undefined) {
		try {
			ticks = !/\d/.test(readFileSync('/sys/devices/system/cpu/nohz_full', 'latin1'));
		} catch {
			ticks = true;
		}
	}
	return ticks;
}
