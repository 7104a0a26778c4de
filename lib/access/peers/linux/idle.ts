import {closeSync, readFileSync} from 'node:fs';
import {namesIn, openFile, readAgain, readShort, sizeOf, statOf} from './read.js';

/**
 * How often, and for how long, each thread of a process has run. As long as this stays the same, and did
 * so for `settled` milliseconds, the process has not run at all, and has no descriptor that it did not have
 * before: the kernel puts descriptors into a table on behalf of the thread that asks, within its own time.
 *
 * - `/proc/PID/task/TID/schedstat` counts how often a thread was given a processor, as that begins, and the
 *   nanoseconds that it ran, as that ends and with every tick of the clock. A thread that had no processor
 *   when this was read first cannot have got one without the count; one that had can have kept it, without
 *   a difference, until the next tick, for which `settled` allows.
 * - A thread that is new was made by one that ran. If that has ended since, its file, which is held open, has
 *   nothing to read. So the threads have to be counted only when an account begins.
 * - Another process can share the table of descriptors (CLONE_FILES without CLONE_THREAD) and fill it. Whoever
 *   relies on this has to compare the number of descriptors, and ask once more when the other one has been
 *   found.
 */
export interface Account {
	/** Returns `undefined` where the kernel does not count, and when the process has threads that are not its first. */
	begin(): string | undefined;
	/** Whether the process has not run since `begin` returned this. */
	hasRested(since: string): boolean;
	/** How many descriptors it has open, where the kernel tells (Linux 6.2). */
	descriptors(): number | undefined;
	/** Closes the files. */
	close(): void;
}

/** How many files are held open at the most, for all accounts together. */
let filesAtMost: number | undefined;
let open = 0;

/**
 * Opens the account of a process; `undefined` where there is none, it is out of sight, or it has more threads
 * than are worth it.
 *
 * @param shown where its descriptors are
 */
export function openAccount(pid: string, shown: string, worth: number): Account | undefined {
	const folder = `/proc/${pid}/task`;
	const count = (statOf(folder)?.nlink ?? 0) - 2;
	if (count > worth || !ticksAlways()) {
		return undefined;
	}
	const threads = namesIn(folder) ?? [];
	filesAtMost ??= Math.min(4000, Math.floor(filesAllowed() / 4));
	if (threads.length === 0 || open + threads.length + 1 > filesAtMost) {
		return undefined;
	}
	const files = threads.flatMap(thread => openFile(`${folder}/${thread}/schedstat`) ?? []);
	const descriptors = openFile(shown);
	const all = descriptors === undefined ? [...files] : [...files, descriptors];
	open += all.length;
	const runs = () => files.map(readAgain);
	return {
		begin() {
			const lines = runs();
			// Without the count of runs there is nothing to go by; a thread that has never run has none either.
			const areThere = lines.every(line => line !== undefined && !line.endsWith(' 0\n'));
			// Afterwards: a thread that was made before these were read is one too many. Two links are the folder's own.
			const areAll =
				statOf(folder)?.nlink === threads.length + 2 && files.length === threads.length;
			return areThere && areAll ? lines.join('') : undefined;
		},
		hasRested: since => runs().join('') === since,
		descriptors: () => (descriptors === undefined ? undefined : sizeOf(descriptors)),
		close() {
			open -= all.length;
			for (const file of all.splice(0)) {
				closeSync(file);
			}
		},
	};
}

/** How many files this process may have open. */
function filesAllowed(): number {
	const limits = readShort('/proc/self/limits') ?? '';
	const allowed = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
	return allowed === 'unlimited' ? Number.POSITIVE_INFINITY : Number(allowed ?? 0);
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
