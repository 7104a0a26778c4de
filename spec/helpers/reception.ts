import {execFileSync} from 'node:child_process';
import {realpathSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import {openPeerFinder, type PeerFinder} from '../../lib/access/peers/find-peers.js';
import type {Ends, Peers} from '../../lib/forward/seams.js';
import type {Run} from './cli.js';
import {spawnProgram} from './cli.js';
import type {Owner} from './owner.js';
import {pathOf} from './programs.js';
import {temporaryDirectory} from './temporary-directory.js';

/** A finder that ends with its owner. */
export function startFinder(t: Owner): PeerFinder {
	const finder = openPeerFinder();
	finder.hold();
	t.teardown(() => finder.release());
	return finder;
}

/** A connection that has been accepted. */
export interface Accepted {
	readonly ends: Ends;
	readonly socket: Socket;
	find(): Promise<Peers>;
}

/** A server that leaves it to the test when to look who has come. */
export interface Reception {
	readonly port: number;
	/** The connection that came first of those that have not been asked for. */
	next(): Promise<Accepted>;
}

/** Listens on an address. */
export async function receive(
	t: Owner,
	finder: PeerFinder,
	address = '127.0.0.1',
): Promise<Reception> {
	const came: Accepted[] = [];
	const waiting: Array<(one: Accepted) => void> = [];
	const server = createServer(socket => {
		socket.on('error', () => undefined);
		t.teardown(() => socket.destroy());
		const ends = endsOf(socket);
		const accepted = {ends, socket, find: () => finder.find(ends)};
		const next = waiting.shift();
		if (next === undefined) {
			came.push(accepted);
		} else {
			next(accepted);
		}
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, address, resolve);
	});
	t.teardown(() => server.close());
	const bound = server.address();
	return {
		port: typeof bound === 'object' ? (bound?.port ?? 0) : 0,
		next: () =>
			new Promise(resolve => {
				const first = came.shift();
				if (first === undefined) {
					waiting.push(resolve);
				} else {
					resolve(first);
				}
			}),
	};
}

/** The two ends of an accepted connection. */
export function endsOf(socket: Socket): Ends {
	const {remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0} = socket;
	return {remoteAddress, remotePort, localAddress, localPort};
}

/** Where the modules of that Python lie, for a copy of its file elsewhere. */
export function pythonHome(): string {
	return execFileSync(pythonFile(), ['-c', 'import sys; print(sys.base_prefix)'], {
		encoding: 'utf8',
	}).trim();
}

let python: string | undefined;

/** The file that runs Python programs: what is called `python3` may be a script that looks for it. */
export function pythonFile(): string {
	python ??= realpathSync(
		execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {encoding: 'utf8'}).trim(),
	);
	return python;
}

/** Where a program really lies. */
export function realPath(program: string): string {
	return realpathSync(pathOf(program) ?? program);
}

/**
 * Runs a Python program that ends with its owner, with all that it starts. It knows `connect()`, which
 * connects to the port that is its first argument at the address that is its second.
 */
export function runPython(
	t: Owner,
	{port}: Pick<Reception, 'port'>,
	lines: string,
	address = '127.0.0.1',
	more: readonly string[] = [],
): Run {
	return spawnProgram(
		t,
		temporaryDirectory(t),
		pythonFile(),
		['-c', `${beginning}${lines}`, String(port), address, ...more],
		{},
		true,
	);
}

const beginning = `
import encodings.idna, os, signal, socket, sys, time
def connect():
    return socket.create_connection((sys.argv[2], int(sys.argv[1])))
`;
