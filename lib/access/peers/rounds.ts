import {networkInterfaces} from 'node:os';
import type {Ends, Peer, Peers} from '../../forward/seams.js';
import {canonical, type End} from '../../listener/holder/socket.js';
import type {PeerSearch} from './find-peers.js';

/** A TCP socket of this machine, and the process that has it open. */
export interface OpenSocket extends End {
	readonly pid: number;
	readonly remote: End | undefined;
}

/** How a system tells about its processes: each step is a program that takes a while. */
export interface Survey {
	/** Every socket that can be seen; a process that shares one has a row of its own. */
	sockets(): Promise<readonly OpenSocket[]>;
	/** These processes; those that have gone are left out. */
	processes(pids: readonly number[]): Promise<ReadonlyMap<number, Peer>>;
}

interface Lookup {
	readonly ends: Ends;
	resolve(peers: Peers): void;
	reject(reason: Error): void;
}

/**
 * Finds peers by programs that show all sockets at once. A round answers all that were asked before it began;
 * what is asked meanwhile waits for the next, since an earlier one may not have seen it. Sockets are
 * looked at before and after their processes: what has changed hands in between is nobody's.
 *
 * @param patience milliseconds after which a lookup has failed
 */
export function lookInRounds(survey: Survey, patience = 10_000): PeerSearch {
	let waiting: Lookup[] = [];
	const open = new Set<Lookup>();
	let isRunning = false;
	let isClosed = false;
	const run = async () => {
		isRunning = true;
		while (waiting.length > 0) {
			const round = waiting;
			waiting = [];
			try {
				await answer(round, survey);
			} catch (error) {
				const why = error instanceof Error ? error : new Error(String(error));
				for (const {reject} of round) {
					reject(why);
				}
			}
		}
		isRunning = false;
	};
	return {
		find(ends) {
			if (isClosed) {
				return Promise.reject(new Error('nobody looks for processes any more'));
			}
			if (!isOwn(ends.remoteAddress)) {
				return Promise.reject(new Error('it is on another machine'));
			}
			return new Promise((resolve, reject) => {
				const end = () => {
					clearTimeout(deadline);
					open.delete(lookup);
				};
				const lookup: Lookup = {
					ends,
					resolve(peers) {
						end();
						resolve(peers);
					},
					reject(reason) {
						end();
						reject(reason);
					},
				};
				const deadline = setTimeout(() => {
					waiting = waiting.filter(each => each !== lookup);
					lookup.reject(new Error(`it took longer than ${patience / 1000} seconds to find out`));
				}, patience);
				open.add(lookup);
				waiting.push(lookup);
				if (!isRunning) {
					void run();
				}
			});
		},
		close() {
			isClosed = true;
			waiting = [];
			for (const {reject} of [...open]) {
				reject(new Error('Sealport is closing'));
			}
		},
	};
}

async function answer(round: readonly Lookup[], survey: Survey): Promise<void> {
	const before = await survey.sockets();
	const wanted = round.flatMap(({ends}) => holdersOf(ends, before));
	if (wanted.length === 0) {
		for (const {reject} of round) {
			reject(new Error(nobody));
		}
		return;
	}
	const processes = await survey.processes([...new Set(wanted)]);
	const after = await survey.sockets();
	for (const {ends, resolve, reject} of round) {
		const pids = holdersOf(ends, before);
		const holders = pids.flatMap(pid => processes.get(pid) ?? []);
		if (pids.length === 0) {
			reject(new Error(nobody));
		} else if (holders.length < pids.length) {
			reject(new Error('the process that had its other end open has ended'));
		} else if (holdersOf(ends, after).join() !== pids.join()) {
			reject(new Error('its other end was handed over meanwhile'));
		} else {
			resolve({holders});
		}
	}
}

const nobody = 'no process that can be seen from here has its other end open';

function holdersOf(ends: Ends, sockets: readonly OpenSocket[]): number[] {
	const [theirs, ours] = [canonical(ends.remoteAddress), canonical(ends.localAddress)];
	const pids = sockets
		.filter(
			({address, port, remote}) =>
				address === theirs &&
				port === ends.remotePort &&
				remote?.address === ours &&
				remote.port === ends.localPort,
		)
		.map(({pid}) => pid);
	return [...new Set(pids)].sort((one, other) => one - other);
}

/** Whether an address is one of this machine, whose processes have its sockets. */
function isOwn(address: string): boolean {
	const own = canonical(address);
	return (
		own === '::1' ||
		own.startsWith('127.') ||
		Object.values(networkInterfaces()).some(all =>
			all?.some(each => canonical(each.address) === own),
		)
	);
}

/** A process and its ancestors, itself first. */
export function lineageOf(
	pid: number,
	table: ReadonlyMap<number, {readonly parent: number; readonly started: string}>,
): {readonly lineage: readonly number[]; readonly started: readonly string[]} {
	const lineage: number[] = [];
	const started: string[] = [];
	for (let at = pid; !lineage.includes(at); ) {
		const row = table.get(at);
		if (row === undefined) {
			break;
		}
		lineage.push(at);
		started.push(row.started);
		at = row.parent;
	}
	return {lineage, started};
}
