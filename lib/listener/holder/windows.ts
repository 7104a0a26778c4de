import {win32} from 'node:path';
import {printable} from '../../printable.js';
import {commandText, isSealport, output, programName, splitCommand} from './command.js';
import type {Holder} from './holder.js';
import {canonical, type HeldSocket, standingInTheWay} from './socket.js';

/** One line of `netstat -ano`. */
export interface NetstatSocket extends HeldSocket {
	readonly pid: number;
}

/**
 * Reads what `netstat -ano -p TCP` and `-p TCPv6` write. Names of states are translated in localized
 * Windows, so a listening socket is known by its foreign address, which has port 0. Sockets of
 * process 0, which are only waiting to be forgotten, are left out.
 */
export function parseNetstat(text: string): NetstatSocket[] {
	const sockets: NetstatSocket[] = [];
	for (const line of text.split('\n')) {
		const row = /^\s*TCP\s+(\S+):(\d+)\s+\S+:(\d+)\s.*?(\d+)\s*$/.exec(line);
		if (row?.[1] !== undefined && row[4] !== '0') {
			sockets.push({
				address: canonical(row[1].replace(/^\[|\]$/g, '')),
				port: Number(row[2]),
				listening: row[3] === '0',
				pid: Number(row[4]),
			});
		}
	}
	return sockets;
}

/** Reads the program's name from what `tasklist /FO CSV /NH` writes for one process. */
export function parseTasklist(text: string): string | undefined {
	const name = /^\s*"([^"]+)","\d+"/.exec(text)?.[1];
	return name === undefined ? undefined : programName(name);
}

/** `findHolder` on Windows. */
export async function findOnWindows(
	port: number,
	address: string | undefined,
	patience: number,
): Promise<Holder | undefined> {
	// By absolute path: a `netstat.exe` in the current folder would else be run in its place.
	const system = win32.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32');
	const netstat = win32.join(system, 'netstat.exe');
	const tables = await Promise.all(
		['TCP', 'TCPv6'].map(protocol => output(netstat, ['-a', '-n', '-o', '-p', protocol], patience)),
	);
	const sockets = tables.flatMap(table => parseNetstat(table ?? ''));
	const socket = standingInTheWay(sockets, port, address)[0];
	if (socket === undefined) {
		return undefined;
	}
	const [tasks, line] = await Promise.all([
		output(win32.join(system, 'tasklist.exe'), tasklistArguments(socket.pid), patience),
		commandLine(system, socket.pid, patience),
	]);
	const name = parseTasklist(tasks ?? '');
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

function commandLine(system: string, pid: number, patience: number): Promise<string | undefined> {
	const powershell = win32.join(system, 'WindowsPowerShell', 'v1.0', 'powershell.exe');
	const script =
		'[Console]::OutputEncoding = [Text.Encoding]::UTF8; ' +
		`(Get-CimInstance Win32_Process -Filter 'ProcessId = ${pid}').CommandLine`;
	const args = ['-NoProfile', '-NonInteractive', '-NoLogo', '-Command', script];
	// PowerShell alone may need two seconds to start; the name is known without it.
	return output(powershell, args, 2 * patience);
}
