import {readFileSync} from 'node:fs';
import {namesIn, readShort} from './read.js';

/**
 * How often, and for how long, each thread of a process has run. As long as this stays the same, and did
 * so for `settled` milliseconds, the process has not run at all, and has no descriptor that it did not have
 * before: the kernel puts descriptors into a table on behalf of the thread that asks, within its own time.
 *
 * - `/proc/PID/task/TID/schedstat` counts how often a thread was given a processor, as that begins, and the
 *   nanoseconds that it ran, as that ends and with every tick of the clock. A thread that had no processor
 *   when this was read first cannot have got one without the count; one that had can have kept it, without
 *   a difference, until the next tick, for which `settled` allows.
 * - A thread that is new was made by one that ran. If that has ended since, the threads are not the same.
 * - Another process can share the table of descriptors (CLONE_FILES without CLONE_THREAD) and fill it. Whoever
 *   relies on this has to compare the number of descriptors, and ask once more when the other one has been
 *   found.
 *
 * @returns `undefined` where the kernel does not count, or the process is out of sight
 */
export function runs(pid: string): string | undefined {
	const threads = namesIn(`/proc/${pid}/task`);
	if (threads === undefined || threads.length === 0 || !ticksAlways()) {
		return undefined;
	}
	let all = '';
	for (const thread of threads) {
		const line = readShort(`/proc/${pid}/task/${thread}/schedstat`);
		// Without the count of runs there is nothing to go by; a thread that has never run has none either.
		if (line === undefined || line.endsWith(' 0\n')) {
			return undefined;
		}
		all += `${thread} ${line}`;
	}
	return all;
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
