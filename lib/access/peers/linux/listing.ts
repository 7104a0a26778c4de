import {readlinkSync, statSync} from 'node:fs';
import {systemCode} from '../../../errors.js';
import {type Account, openAccount, settled} from './idle.js';
import {namesIn, readShort, statOf} from './read.js';

/** The sockets that a process has open: descriptors, by `socket:[inode]`. */
export type Listing = ReadonlyMap<string, string>;

/** What became of the look at a process. */
export interface Looked {
	readonly sockets: Listing;
	/** Whether that is what it was before, since it has not run. */
	readonly kept: boolean;
}

interface Kept {
	readonly sockets: Listing;
	readonly account: Account;
	readonly runs: string;
	/** Where the kernel tells. */
	readonly descriptors: number | undefined;
	/** When the listing began, as `performance.now()` counts. */
	readonly since: number;
	/** Of the last look that used it. */
	turn: number;
}

/** Looks at the open sockets of processes, and remembers those of processes that rest. */
export interface Listings {
	/** Returns `undefined` for a process whose descriptors are out of sight. */
	look(pid: string): Looked | undefined;
	/** Forgets the processes that have not been looked at since it was called last. */
	forget(): void;
}

const nothing: Looked = {sockets: new Map(), kept: false};

/** From how many descriptors on it is asked first whether they can be seen at all. */
const many = 64;

/** Of how many threads of the kernel, ended ones among them, it is remembered that they are. */
const kernelAtMost = 10_000;

export function openListings(): Listings {
	const all = new Map<string, Kept>();
	const user = process.geteuid?.();
	const counts = (statSync('/proc/self/fd', {throwIfNoEntry: false})?.size ?? 0) > 0;
	/** Threads of the kernel, with what numbers their folders have: whoever gets the pid later has another. */
	const kernel = new Map<string, number>();
	let turn = 0;
	return {
		look(pid) {
			const before = all.get(pid);
			if (before !== undefined && isAsBefore(before)) {
				before.turn = turn;
				return {sockets: before.sockets, kept: true};
			}
			let folder = `/proc/${pid}/fd`;
			let found = statOf(folder);
			// Since Linux 6.2 the size is the number of descriptors. Threads of the kernel have none.
			if (found?.size === 0 && (counts || namesIn(folder)?.length === 0)) {
				if (kernel.get(pid) === found.ino) {
					return nothing;
				}
				if (isOfKernel(pid)) {
					kernel.set(pid, found.ino);
					return nothing;
				}
				folder = `/proc/${threadOf(pid)}/fd`;
				found = statOf(folder);
				if (found === undefined || (counts && found.size === 0)) {
					return nothing;
				}
			}
			if (found === undefined) {
				return nothing;
			}
			// To be refused is slow.
			if (user !== 0 && found.uid !== user) {
				return undefined;
			}
			// What is true of one link of a process is true of all (proc(5): PTRACE_MODE_READ_FSCREDS).
			if (before === undefined && found.size >= many && isOutOfSight(`/proc/${pid}/exe`)) {
				return undefined;
			}
			const began = performance.now();
			const hasRested =
				before?.account.hasRested(before.runs) === true &&
				(!counts || found.size === before.descriptors);
			const account =
				before?.account ??
				openAccount(pid, folder, counts ? found.size + 4 : Number.POSITIVE_INFINITY);
			const runs = hasRested ? before.runs : account?.begin();
			const drop = () => {
				account?.close();
				all.delete(pid);
			};
			const names = namesIn(folder);
			const sockets = names && socketsAmong(folder, names);
			if (sockets === undefined) {
				drop();
				return names === undefined && statOf(folder) === undefined ? nothing : undefined;
			}
			if (hasRested) {
				// As old as it may be said to be.
				before.turn = turn;
			} else if (account === undefined || runs === undefined) {
				drop();
			} else {
				const descriptors = counts ? found.size : undefined;
				all.set(pid, {sockets, account, runs, descriptors, since: began, turn});
			}
			return {sockets, kept: false};
		},
		forget() {
			for (const [pid, kept] of all) {
				if (kept.turn < turn) {
					kept.account.close();
					all.delete(pid);
				}
			}
			if (kernel.size > kernelAtMost) {
				kernel.clear();
			}
			turn++;
		},
	};
}

/** Whether what is kept of a process is so still. */
function isAsBefore({account, runs, descriptors, since}: Kept): boolean {
	return (
		performance.now() - since >= settled &&
		account.hasRested(runs) &&
		(descriptors === undefined || account.descriptors() === descriptors)
	);
}

function isOutOfSight(link: string): boolean {
	try {
		readlinkSync(link);
		return false;
	} catch (error) {
		return systemCode(error) === 'EACCES';
	}
}

/** Whether it is a thread of the kernel, by its flags (proc(5), `PF_KTHREAD`). */
function isOfKernel(pid: string): boolean {
	const stat = readShort(`/proc/${pid}/stat`) ?? '';
	const flags = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[6]);
	return (flags & 0x20_0000) !== 0;
}

/** A thread of a process whose first thread has ended, and shows nothing any more. */
function threadOf(pid: string): string {
	// Two links are the folder's own.
	const threads = (statOf(`/proc/${pid}/task`)?.nlink ?? 0) > 3 ? namesIn(`/proc/${pid}/task`) : [];
	return `${pid}/task/${threads?.find(thread => thread !== pid) ?? pid}`;
}

/** Returns `undefined` when where they lead is out of sight, which it then is for all of them. */
function socketsAmong(folder: string, names: readonly string[]): Listing | undefined {
	const sockets = new Map<string, string>();
	for (const name of names) {
		try {
			const link = readlinkSync(`${folder}/${name}`);
			if (link.startsWith('socket:')) {
				sockets.set(link, name);
			}
		} catch (error) {
			if (systemCode(error) === 'EACCES') {
				return undefined;
			}
		}
	}
	return sockets;
}
