import type {Listings} from './listing.js';
import {processes, readShort, statOf} from './read.js';
import type {ClientSocket} from './sockets.js';

/** A process that has a socket open, and by which descriptor. */
export interface Holding {
	readonly pid: number;
	readonly descriptor: string;
}

/** Who has sockets open. */
export interface Holdings {
	/** By inode; who has none has no entry. */
	readonly by: ReadonlyMap<string, readonly Holding[]>;
	/** Of how many processes it is not known what they have open. */
	readonly hidden: number;
	/** Whether processes were started faster than they can be looked at: then some may be missing. */
	readonly incomplete: boolean;
}

/** How often it is looked for processes that were started meanwhile. */
const rounds = 12;

/**
 * Finds every process that has one of these sockets open. A process that is started while it looks is
 * looked at, too: otherwise the holder of a socket could keep ahead by forking.
 *
 * @param sockets that were there before it began
 */
export function findHolders(sockets: readonly ClientSocket[], listings: Listings): Holdings {
	const wanted = new Map(sockets.map(({inode}) => [`socket:[${inode}]`, inode]));
	const by = new Map<string, Holding[]>();
	const own = String(process.pid);
	const looked = new Set([own]);
	const kept: string[] = [];
	let hidden = 0;
	const add = (inode: string, pid: string, descriptor: string) => {
		const holding = {pid: Number(pid), descriptor};
		const holdings = by.get(inode);
		if (holdings === undefined) {
			by.set(inode, [holding]);
		} else if (!holdings.some(each => each.pid === holding.pid)) {
			holdings.push(holding);
		}
	};
	const look = (pid: string) => {
		looked.add(pid);
		const found = listings.look(pid);
		if (found === undefined) {
			hidden++;
			return;
		}
		if (found.kept) {
			kept.push(pid);
		}
		for (const [link, inode] of wanted) {
			const descriptor = found.sockets.get(link);
			if (descriptor !== undefined) {
				add(inode, pid, descriptor);
			}
		}
	};
	let incomplete = true;
	for (let round = 0; round < rounds && incomplete; round++) {
		const last = lastStarted();
		for (const pid of processes()) {
			if (!looked.has(pid)) {
				look(pid);
			}
		}
		incomplete = last === undefined || lastStarted() !== last;
	}
	// Who shares its table of descriptors with a holder has the socket under the same number.
	for (const [inode, holdings] of by) {
		for (const pid of kept) {
			const shared = holdings.find(({descriptor}) => {
				// Quicker than the text of the link, where there is none: nearly always.
				const found = statOf(`/proc/${pid}/fd/${descriptor}`);
				return found?.isSocket() === true && String(found.ino) === inode;
			});
			if (shared !== undefined) {
				add(inode, pid, shared.descriptor);
			}
		}
	}
	// Our own, last: what it has are mostly the near ends of the very connections.
	const user = process.geteuid?.();
	if (sockets.some(({inode, uid}) => !by.has(inode) && (user === 0 || user === uid))) {
		look(own);
	}
	return {by, hidden, incomplete};
}

/** The process id that was given out last: the last word of `/proc/loadavg`. */
function lastStarted(): string | undefined {
	return readShort('/proc/loadavg')?.trim().split(' ').at(-1);
}
