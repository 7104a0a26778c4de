import {setTimeout as pause} from 'node:timers/promises';
import {type Known, membersOf} from './members.js';
import {openTable, type ProcessRow, type ProcessTable} from './table.js';

/** All processes that a command has led to, whatever they have done to leave it. */
export interface Tree {
	/** Adds one by its pid, and says when it started; `undefined` when it has ended already. */
	add(pid: number): Promise<string | undefined>;
	/** Adds one that somebody else has seen. */
	know(pid: number, started: string): void;
	/** Those that are alive. */
	members(): Promise<readonly ProcessRow[]>;
	signal(signal: NodeJS.Signals): Promise<void>;
	/**
	 * Ends them all: asks by SIGTERM, and kills what is left.
	 *
	 * @param grace milliseconds between the two; with 0 nothing is asked
	 * @param hurry ends the grace when it aborts
	 * @returns how many had to be killed
	 */
	end(grace: number, hurry?: AbortSignal): Promise<number>;
}

/**
 * The tree of those whose environment contains the marker, and of those that are added.
 *
 * @param own pid of the Sealport whose tree it is; of this process by default
 */
export async function openTree(marker: string, own?: number): Promise<Tree> {
	return treeOf(await openTable(marker, own));
}

/** The tree that a table shows. */
export function treeOf(table: ProcessTable): Tree {
	const known: Known = new Map();
	const members = async () =>
		membersOf(await table.rows(), known, row => table.isApart?.(row) ?? false).filter(
			({pid}) => pid !== process.pid,
		);
	const signal = async (name: NodeJS.Signals) => table.signal(await members(), name);
	return {
		members,
		signal,
		async add(pid) {
			const row = (await table.rows()).find(each => each.pid === pid);
			if (row !== undefined) {
				known.set(pid, row.started);
			}
			return row?.started;
		},
		know(pid, started) {
			known.set(pid, started);
		},
		async end(grace, hurry) {
			if (grace > 0) {
				await signal('SIGTERM');
				const rests = growingRests();
				const giveUp = performance.now() + grace;
				while (performance.now() < giveUp && !hurry?.aborted) {
					if ((await members()).length === 0) {
						return 0;
					}
					await pause(rests());
				}
			}
			return killAll(members, table);
		},
	};
}

/** Longer than the kernel takes for any number of processes; one that it cannot end is not waited for. */
const longest = 5000;

/** More than once: what is killed may just have started another. */
async function killAll(members: Tree['members'], table: ProcessTable): Promise<number> {
	const killed = new Set<number>();
	const rests = growingRests();
	const giveUp = performance.now() + longest;
	for (;;) {
		const left = await members();
		if (left.length === 0 || performance.now() > giveUp) {
			return killed.size;
		}
		for (const {pid} of left) {
			killed.add(pid);
		}
		await table.signal(left, 'SIGKILL');
		await pause(rests());
	}
}

/** Milliseconds between looks: most trees are gone at once, and to look costs. */
function growingRests(): () => number {
	let rest = 10;
	return () => {
		rest = Math.min(200, rest * 1.5);
		return rest;
	};
}
