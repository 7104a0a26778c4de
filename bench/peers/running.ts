import type {ChildProcess} from 'node:child_process';
import {closeSync, mkdirSync, openSync, readFileSync} from 'node:fs';
import {type AddressInfo, createServer} from 'node:net';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {end, spawnOwn} from '../measure/children.js';
import {cpuTime, memory, tree} from '../measure/process-tree.js';
import type {Certificate, Found, Peer} from './peer.js';
import {get} from './probe.js';

/** Where the load goes. */
export interface Endpoint {
	readonly port: number;
	/** Name to ask for; the address is 127.0.0.1. */
	readonly host: string;
	/** Whether it closes connections after each response. */
	readonly closesClients: boolean;
}

/** A process of a peer, with all that it has started. */
export interface Running extends Endpoint {
	/** CPU time so far of all its processes, in seconds. */
	cpu(): number;
	/** Memory now of all its processes, in bytes. */
	memory(): number;
	stop(): Promise<void>;
}

/** What the processes of all peers have in common. */
export interface Ground {
	/** Temporary folder of the run. */
	readonly folder: string;
	readonly backendPort: number;
	readonly certificate: Certificate;
}

/** How long a peer may take until it has answered once, in milliseconds. */
const startLimit = 15_000;

let places = 0;

const freePort = async (): Promise<number> => {
	const server = createServer();
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as AddressInfo;
	await new Promise(resolve => server.close(resolve));
	return port;
};

const untilReady = async (child: ChildProcess, to: Endpoint, output: string): Promise<void> => {
	const deadline = performance.now() + startLimit;
	for (;;) {
		const outcome = await get(to).catch((error: Error) => error);
		if ('status' in outcome && outcome.status === 200) {
			return;
		}
		if (child.exitCode !== null || performance.now() > deadline) {
			const why = 'status' in outcome ? `status ${outcome.status}` : outcome.message;
			throw new Error(
				`does not answer (${why}): ${readFileSync(output, 'utf8').slice(-2000).trim()}`,
			);
		}
		await sleep(2);
	}
};

/** A process of a peer and when it was started, in milliseconds of `performance.now()`. */
export interface Started {
	readonly running: Running;
	readonly since: number;
	/** When the first good response was there. @throws Error when none comes, with what was printed */
	readonly ready: Promise<number>;
}

/** Starts a process of a peer with a port and a folder of its own. */
export async function startPeer(peer: Peer, found: Found, ground: Ground): Promise<Started> {
	const folder = join(ground.folder, `${++places}`);
	mkdirSync(folder);
	const port = await freePort();
	const {program, args, env} = found.command({...ground, port, folder});
	const output = join(folder, 'output.txt');
	const descriptor = openSync(output, 'w');
	const since = performance.now();
	const child = await spawnOwn(program, args, {
		env: {...process.env, ...env},
		stdio: ['ignore', descriptor, descriptor],
	});
	closeSync(descriptor);
	const to: Endpoint = {
		port,
		host: peer.host ?? 'localhost',
		closesClients: peer.closesClients ?? false,
	};
	const pid = child.pid ?? 0;
	return {
		since,
		ready: untilReady(child, to, output).then(() => performance.now()),
		running: {
			...to,
			cpu: () => cpuTime(tree(pid)),
			memory: () => memory(tree(pid)),
			stop: () => end(child),
		},
	};
}

/** Starts a process of a peer and waits until it answers; when it does not, it is ended. */
export async function runPeer(peer: Peer, found: Found, ground: Ground): Promise<Running> {
	const {running, ready} = await startPeer(peer, found, ground);
	try {
		await ready;
		return running;
	} catch (error) {
		await running.stop();
		throw error;
	}
}
