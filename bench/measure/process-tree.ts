import {readdirSync, readFileSync} from 'node:fs';

/** Of /proc/PID/stat, what is behind the program's name (which may hold anything), split. */
const fields = (pid: number): readonly string[] | undefined => {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	} catch {
		return undefined; // It has ended since.
	}
};

/** Processes of a tree, the root first: all that descend from it now. */
export function tree(root: number): readonly number[] {
	const children = new Map<number, number[]>();
	for (const name of readdirSync('/proc')) {
		const pid = Number(name);
		const parent = Number.isInteger(pid) ? Number(fields(pid)?.[1]) : Number.NaN;
		if (!Number.isNaN(parent)) {
			children.set(parent, [...(children.get(parent) ?? []), pid]);
		}
	}
	const found = [root];
	for (const pid of found) {
		found.push(...(children.get(pid) ?? []));
	}
	return found;
}

/** Clock ticks of /proc a second: USER_HZ, which is 100 on every architecture that Node runs on. */
const ticks = 100;

/**
 * CPU time of processes, user and system, in seconds. What their ended children took is in it as soon as
 * the parent has waited for them, so that a worker which ends does not make the sum smaller.
 */
export function cpuTime(pids: readonly number[]): number {
	let sum = 0;
	for (const pid of pids) {
		const stat = fields(pid) ?? [];
		for (const at of [11, 12, 13, 14]) {
			sum += Number(stat[at] ?? 0);
		}
	}
	return sum / ticks;
}

/** Memory of processes in bytes: their proportional set size, which counts shared pages once in all. */
export function memory(pids: readonly number[]): number {
	let sum = 0;
	for (const pid of pids) {
		try {
			const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
			sum += Number(/^Pss:\s*(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
		} catch {
			// It has ended since.
		}
	}
	return sum;
}
