import type {Client, Peer, Peers} from '../../lib/forward/seams.js';

/** A process as lookups find it: bob's curl, but for what is given. */
export function peer(own: Partial<Peer> = {}): Peer {
	const pid = own.pid ?? 4121;
	return {
		pid,
		user: 'bob',
		uid: 1002,
		executable: '/usr/bin/curl',
		lineage: [pid, 900, 1],
		started: ['5000', '400', '1'],
		netns: '4:4026531833',
		container: undefined,
		...own,
	};
}

/** A client on this machine. */
export function clientOf(peers: Peers | Error | undefined, address = '127.0.0.1'): Client {
	return {address, port: 40_000, peers, certificate: undefined};
}

/** A client whose socket these processes have open. */
export function heldBy(...holders: readonly Peer[]): Client {
	return clientOf({holders});
}
