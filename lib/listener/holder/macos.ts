import {printable} from '../../printable.js';
import {isSealport, output, splitCommand} from './command.js';
import type {Holder} from './holder.js';
import {canonical, type End, type HeldSocket, standingInTheWay} from './socket.js';

/** One TCP socket of one process, as `lsof -F` shows it. */
export interface LsofSocket extends HeldSocket {
	readonly pid: number;
	readonly name: string | undefined;
	readonly uid: number | undefined;
	/** The other end of a connection. */
	readonly remote: End | undefined;
}

/**
 * Reads what `lsof -nP -iTCP:<port> -FpcuftnT` writes: one field a line, named by its first letter
 * (lsof(8), OUTPUT FOR OTHER PROGRAMS). A process' fields come once, before those of its files.
 */
export function parseLsof(text: string): LsofSocket[] {
	const sockets: LsofSocket[] = [];
	let owner: {pid: number; name: string | undefined; uid: number | undefined} | undefined;
	let family = '';
	for (const line of text.split('\n')) {
		const value = line.slice(1).trimEnd();
		const last = sockets.at(-1);
		if (line.startsWith('p')) {
			owner = {pid: Number(value), name: undefined, uid: undefined};
		} else if (line.startsWith('c') && owner !== undefined) {
			owner.name = value;
		} else if (line.startsWith('u') && owner !== undefined) {
			owner.uid = Number(value);
		} else if (line.startsWith('t')) {
			family = value;
		} else if (line.startsWith('n') && owner !== undefined) {
			const [local, remote] = value.split('->').map(end => readEnd(end, family));
			if (local !== undefined) {
				sockets.push({...owner, ...local, listening: false, remote});
			}
		} else if (line.startsWith('TST=LISTEN') && last !== undefined) {
			sockets[sockets.length - 1] = {...last, listening: true};
		}
	}
	return sockets;
}

function readEnd(text: string, family: string): End | undefined {
	const [, host, port] = /^(.*):(\d+)$/.exec(text) ?? [];
	if (host === undefined) {
		return undefined;
	}
	const any = family === 'IPv6' ? '::' : '0.0.0.0';
	const address = host === '*' ? any : canonical(host.replace(/^\[|\]$/g, ''));
	return {address, port: Number(port)};
}

/** `findHolder` on macOS, where without root only the processes of the same user can be seen. */
export async function findOnMacos(
	port: number,
	address: string | undefined,
	patience: number,
): Promise<Holder | undefined> {
	// +c0: names longer than the nine characters of lsof's column.
	const args = ['+c0', '-nP', `-iTCP:${port}`, '-FpcuftnT'];
	const sockets = parseLsof((await output('/usr/sbin/lsof', args, patience)) ?? '');
	const socket = standingInTheWay(sockets, port, address)[0];
	if (socket === undefined) {
		return undefined;
	}
	const line = (await commandLines([socket.pid], patience)).get(socket.pid);
	const argv = splitCommand(line ?? '');
	return {
		pid: socket.pid,
		name: socket.name === undefined ? undefined : printable(socket.name, 40),
		command: line === undefined ? undefined : printable(line.trim(), 120),
		uid: socket.uid,
		sealport: isSealport(argv),
		kind: socket.listening ? 'listening' : 'connection',
	};
}

/** The command lines of processes, by process; those that have gone are left out. */
export async function commandLines(
	pids: readonly number[],
	patience: number,
	ask = output,
): Promise<ReadonlyMap<number, string>> {
	// -ww: else ps cuts the line at 80 columns when it does not write to a terminal.
	const args = ['-ww', '-o', 'pid=,command=', '-p', pids.join(',')];
	return parseProcesses((await ask('/bin/ps', args, patience)) ?? '');
}

/** Reads what `ps -o pid=,command=` writes. */
export function parseProcesses(text: string): ReadonlyMap<number, string> {
	const rows = Array.from(text.matchAll(/^ *(\d+) +(\S.*?) *$/gm));
	return new Map(rows.map(([, pid, line = '']) => [Number(pid), line]));
}
