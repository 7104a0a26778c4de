import type {Ends, Peer, Peers} from '../../../forward/seams.js';
import {findHolders, type Holding, type Holdings} from './holders.js';
import type {Listings} from './listing.js';
import type {Netlink} from './netlink.js';
import {isSame, type ProcessFacts, readFacts} from './process.js';
import {type ClientSocket, findSockets} from './sockets.js';
import {nameOf} from './users.js';

/** What became of one lookup: who it is, why that is not known, or that it has to be done anew. */
export type Outcome = Peers | string | 'changed';

/**
 * Finds the processes at the other ends of connections, all with the same looks at the processes of the
 * machine. They are looked at twice, with what is known of the holders read in between: who forked,
 * executed a program, ended or handed the socket over meanwhile is not told from what it was before, and
 * the outcome is `changed`.
 *
 * What it cannot see: a descriptor that is on its way within a Unix socket is in no process; one can be in a
 * table that a thread has made its own (unshare(2)), or in a ring of io_uring. Whoever hides theirs in such a
 * way has to make an allowed process hold the same socket meanwhile, or nobody is found.
 */
export async function lookUp(
	all: readonly Ends[],
	netlink: Netlink,
	listings: Listings,
): Promise<Outcome[]> {
	const sockets = await findSockets(all, netlink);
	const first = findHolders(sockets.filter(isSocket), listings);
	const facts = factsOf(first);
	const second = findHolders(sockets.filter(isSocket), listings);
	const unchanged = new Map<number, boolean>();
	const isUnchanged = (pid: number) => {
		const known = facts.get(pid);
		const is = unchanged.get(pid) ?? (known !== undefined && isSame(known));
		unchanged.set(pid, is);
		return is;
	};
	listings.forget();
	return sockets.map(socket => {
		if (typeof socket === 'string') {
			return socket;
		}
		const holders = second.by.get(socket.inode) ?? [];
		const isSettled =
			!second.incomplete &&
			pidsOf(first.by.get(socket.inode) ?? []) === pidsOf(holders) &&
			holders.every(({pid}) => isUnchanged(pid));
		if (!isSettled) {
			return 'changed';
		}
		const found = holders.flatMap(({pid}) => facts.get(pid) ?? []);
		return peersOf(socket, found, second.hidden);
	});
}

function isSocket(found: ClientSocket | string): found is ClientSocket {
	return typeof found !== 'string';
}

function pidsOf(holdings: readonly Holding[]): string {
	return holdings
		.map(({pid}) => pid)
		.sort((one, other) => one - other)
		.join();
}

function factsOf({by}: Holdings): Map<number, ProcessFacts> {
	const facts = new Map<number, ProcessFacts>();
	for (const {pid} of [...by.values()].flat()) {
		const known = facts.has(pid) ? undefined : readFacts(pid);
		if (known !== undefined) {
			facts.set(pid, known);
		}
	}
	return facts;
}

/** A process that runs for one user and has the rights of another counts as both, as does the socket's user. */
function peersOf({uid}: ClientSocket, processes: readonly ProcessFacts[], hidden: number): Outcome {
	const holders = processes.flatMap(({users, ...facts}): Peer[] =>
		users.map(user => ({...facts, uid: user, user: nameOf(user)})),
	);
	if (holders.some(each => each.uid === uid)) {
		return {holders};
	}
	// The kernel told the user of the socket, though a user who is not root cannot see others' processes.
	const own = process.geteuid?.();
	const owner = {uid, user: nameOf(uid)};
	if (hidden > 0 || (own !== 0 && own !== uid)) {
		return {holders: [...holders, {...unknown, ...owner}]};
	}
	const [someone] = holders;
	return someone === undefined ? 'changed' : {holders: [...holders, {...someone, ...owner}]};
}

const unknown = {
	pid: 0,
	executable: undefined,
	lineage: [],
	netns: undefined,
	container: undefined,
};
