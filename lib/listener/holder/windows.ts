import {win32} from 'node:path';
import {printable} from '../../printable.js';
import {commandText, isSealport, output, programName, splitCommand} from './command.js';
import type {Holder} from './holder.js';
import {canonical, type End, type HeldSocket, standingInTheWay} from './socket.js';

/** One line of `netstat -ano`. */
export interface NetstatSocket extends HeldSocket {
	readonly pid: number;
	/** The other end; port 0 where there is none. */
	readonly remote: End;
}

/**
 * Reads what `netstat -ano -p TCP` and `-p TCPv6` write. Names of states are translated in localized
 * Windows, so a listening socket is known by its foreign address, which has port 0. Sockets of
 * process 0, which are only waiting to be forgotten, are left out.
 */
export function parseNetstat(text: string): NetstatSocket[] {
	const sockets: NetstatSocket[] = [];
	for (const line of text.split('\n')) {
		const row = /^\s*TCP\s+(\S+):(\d+)\s+(\S+):(\d+)\s.*?(\d+)\s*$/.exec(line);
		if (row?.[1] !== undefined && row[3] !== undefined && row[5] !== '0') {
			sockets.push({
				...endAt(row[1], row[2]),
				listening: row[4] === '0',
				pid: Number(row[5]),
				remote: endAt(row[3], row[4]),
			});
		}
	}
	return sockets;
}

function endAt(address: string, port: string | undefined): End {
	return {address: canonical(address.replace(/^\[|\]$/g, '')), port: Number(port)};
}

/** Reads the program's name from what `tasklist /FO CSV /NH` writes for one process. */
export function parseTasklist(text: string): string | undefined {
	const name = /^\s*"([^"]+)","\d+"/.exec(text)?.[1];
	return name === undefined ? undefined : programName(name);
}

/**
 * A program of Windows itself, by absolute path: one of that name in the current folder would else be run
 * in its place.
 */
export function systemProgram(...path: readonly string[]): string {
	return win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', ...path);
}

/** Every TCP socket of this machine. */
export async function readSockets(patience: number, ask = output): Promise<NetstatSocket[]> {
	const tables = await Promise.all(
		['TCP', 'TCPv6'].map(protocol =>
			ask(systemProgram('netstat.exe'), ['-a', '-n', '-o', '-p', protocol], patience),
		),
	);
	return tables.flatMap(table => parseNetstat(table ?? ''));
}

/** `findHolder` on Windows. */
export async function findOnWindows(
	port: number,
	address: string | undefined,
	patience: number,
): Promise<Holder | undefined> {
	const socket = standingInTheWay(await readSockets(patience), port, address)[0];
	if (socket === undefined) {
		return undefined;
	}
	const [tasks, lines] = await Promise.all([
		output(systemProgram('tasklist.exe'), tasklistArguments(socket.pid), patience),
		commandLines([socket.pid], patience),
	]);
	const name = parseTasklist(tasks ?? '');
	const line = lines.get(socket.pid);
	return {
		pid: socket.pid,
		name: name === undefined ? undefined : printable(name, 40),
		command: line === undefined ? undefined : commandText(splitCommand(line)),
		uid: undefined,
		sealport: isSealport(splitCommand(line ?? '')),
		kind: socket.listening ? 'listening' : 'connection',
	};
}

function tasklistArguments(pid: number): string[] {
	return ['/FI', `PID eq ${pid}`, '/FO', 'CSV', '/NH'];
}

/** The command lines of processes, by process; those that cannot be seen are left out. */
export async function commandLines(
	pids: readonly number[],
	patience: number,
	ask = output,
): Promise<ReadonlyMap<number, string>> {
	const powershell = systemProgram('WindowsPowerShell', 'v1.0', 'powershell.exe');
	const filter = pids.map(pid => `ProcessId = ${pid}`).join(' OR ');
	const script =
		'[Console]::OutputEncoding = [Text.Encoding]::UTF8; ' +
		`Get-CimInstance Win32_Process -Filter '${filter}' | ` +
		"ForEach-Object { [string]$_.ProcessId + ' ' + $_.CommandLine }";
	const args = ['-NoProfile', '-NonInteractive', '-NoLogo', '-Command', script];
	// PowerShell alone may need two seconds to start; the name is known without it.
	return parseCommandLines((await ask(powershell, args, 2 * patience)) ?? '');
}

/** Reads lines of a process number, a blank, and the command line of that process. */
export function parseCommandLines(text: string): ReadonlyMap<number, string> {
	const rows = Array.from(text.matchAll(/^(\d+) +(\S.*?)\r?$/gm));
	return new Map(rows.map(([, pid, line = '']) => [Number(pid), line]));
}
