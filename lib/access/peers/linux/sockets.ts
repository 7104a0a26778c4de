import {readFileSync} from 'node:fs';
import {networkInterfaces} from 'node:os';
import type {Ends} from '../../../forward/seams.js';
import {bytesOf, type End, printedAs} from './address.js';
import type {KernelSocket, Netlink} from './netlink.js';
import {otherNetworks} from './networks.js';

/** The client's socket. */
export interface ClientSocket {
	readonly inode: string;
	/** The user that it belongs to. */
	readonly uid: number;
}

/** The client's own view of a connection. */
interface Sought {
	readonly local: End;
	readonly remote: End;
}

/**
 * Finds the sockets at the other ends of connections. The client's socket is the one whose local end is
 * remote to us.
 *
 * @returns for each a socket, or why there is none
 */
export async function findSockets(
	all: readonly Ends[],
	netlink: Netlink,
): Promise<Array<ClientSocket | string>> {
	const here = ownAddresses();
	let tables: Tables | undefined;
	let elsewhere: Elsewhere | undefined;
	return Promise.all(
		all.map(async ends => {
			const sought = {
				local: {address: bytesOf(ends.remoteAddress), port: ends.remotePort},
				remote: {address: bytesOf(ends.localAddress), port: ends.localPort},
			};
			if (!here(ends.remoteAddress)) {
				elsewhere ??= readElsewhere();
				return findElsewhere(sought, elsewhere);
			}
			const socket = await netlink.ask(sought.local, sought.remote);
			if (socket !== undefined) {
				return judged(socket);
			}
			// No such socket, or nobody to ask: one reading of the tables is for all of them, and no older
			// than any of the connections.
			tables ??= readTables('/proc/self/net');
			return judged(socketIn(tables, sought));
		}),
	);
}

// FIN_WAIT1, FIN_WAIT2 and CLOSE_WAIT are the states of a socket that has closed one direction.
const established = new Set([1, 4, 5, 8]);

function judged(socket: KernelSocket | undefined): ClientSocket | string {
	if (socket === undefined || !established.has(socket.state)) {
		return 'the other end of the connection is gone';
	}
	return socket.inode === '0'
		? 'no process has the other end of the connection open'
		: {inode: socket.inode, uid: socket.uid};
}

/** Where containers are: the networks of other processes. */
interface Elsewhere {
	readonly networks: readonly Tables[];
	/** How many processes may not be looked at. */
	readonly hidden: number;
}

function readElsewhere(): Elsewhere {
	const {networks, hidden} = otherNetworks();
	return {networks: networks.map(({folder}) => readTables(folder)), hidden};
}

function findElsewhere(sought: Sought, {networks, hidden}: Elsewhere): ClientSocket | string {
	const found = networks.flatMap(tables => {
		const socket = socketIn(tables, sought);
		return socket === undefined || !established.has(socket.state) ? [] : [socket];
	});
	if (found.length > 1) {
		return 'several networks of this machine have such a connection';
	}
	if (found[0] === undefined) {
		return hidden === 0
			? 'it comes from no process of this machine'
			: `it comes from no process that may be looked at: the networks of ${hidden} are out of sight`;
	}
	return judged(found[0]);
}

interface Tables {
	readonly tcp: string;
	readonly tcp6: string;
}

function readTables(folder: string): Tables {
	const read = (name: string) => {
		try {
			return readFileSync(`${folder}/${name}`, 'latin1');
		} catch {
			return '';
		}
	};
	return {tcp: read('tcp'), tcp6: read('tcp6')};
}

/** Finds a connection in the tables of one network. */
export function socketIn(tables: Tables, {local, remote}: Sought): KernelSocket | undefined {
	const printed = printedAs(local, remote);
	const lines = [
		...(printed.tcp === undefined ? [] : linesWith(tables.tcp, printed.tcp)),
		...linesWith(tables.tcp6, printed.tcp6),
	].map(line => line.trim().split(/\s+/));
	const sockets = lines.flatMap(([, , , state, , , , uid, , inode]) =>
		state === undefined || uid === undefined || inode === undefined
			? []
			: [{state: Number.parseInt(state, 16), uid: Number(uid), inode}],
	);
	return sockets.find(({state}) => established.has(state)) ?? sockets[0];
}

function linesWith(text: string, part: string): string[] {
	const lines: string[] = [];
	for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
		lines.push(text.slice(text.lastIndexOf('\n', at) + 1, text.indexOf('\n', at)));
	}
	return lines;
}

/** Whether an address is one of this machine's, in the network that we are in. */
function ownAddresses(): (address: string) => boolean {
	let all: ReadonlySet<string> | undefined;
	return address => {
		const bytes = bytesOf(address);
		const plain = bytes.toString('hex');
		if (bytes.length === 4 ? bytes[0] === 127 : plain === `${'0'.repeat(31)}1`) {
			return true;
		}
		all ??= new Set(
			Object.values(networkInterfaces())
				.flatMap(each => each ?? [])
				.map(each => bytesOf(each.address).toString('hex')),
		);
		return all.has(plain);
	};
}
