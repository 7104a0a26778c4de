import {statSync} from 'node:fs';
import {processes} from './read.js';

/** A network namespace, by a process that is in it. */
export interface Network {
	/** `device:inode`, by which it is the same for every process in it. */
	readonly id: string;
	/** Where its tables lie. */
	readonly folder: string;
}

/** `device:inode` of the network namespace that a process is in, or `undefined` when that is out of sight. */
export function networkOf(pid: number | string): string | undefined {
	try {
		const found = statSync(`/proc/${pid}/ns/net`, {throwIfNoEntry: false});
		return found === undefined ? undefined : `${found.dev}:${found.ino}`;
	} catch {
		return undefined;
	}
}

/** The network namespaces that are not ours, and of how many processes it is not known. */
export function otherNetworks(): {readonly networks: readonly Network[]; readonly hidden: number} {
	const own = networkOf('self');
	const networks = new Map<string, Network>();
	let hidden = 0;
	for (const pid of processes()) {
		const id = networkOf(pid);
		if (id === undefined) {
			hidden++;
		} else if (id !== own && !networks.has(id)) {
			networks.set(id, {id, folder: `/proc/${pid}/net`});
		}
	}
	return {networks: [...networks.values()], hidden};
}
