import {listeners} from '../find/listeners.js';
import {probe} from '../find/probe.js';
import type {Tree} from './tree/tree.js';

/** Milliseconds in which a page has to begin to come. */
const patience = 1000;

/** Addresses that `localhost` reaches. */
const reachable = new Set(['127.0.0.1', '::1', '0.0.0.0', '::']);

/** The port of a page that a process of the tree serves, the lowest where there are several. */
export async function portOfTree(tree: Tree): Promise<number | undefined> {
	const pids = new Set((await tree.members()).map(({pid}) => pid));
	const own = (await listeners()).filter(
		({pid, address, sealport}) => pids.has(pid) && reachable.has(address) && !sealport,
	);
	for (const {port, address} of own) {
		const host = address === '::' || address === '::1' ? '::1' : '127.0.0.1';
		if ((await probe(host, port, patience)) === 'http') {
			return port;
		}
	}
	return undefined;
}
