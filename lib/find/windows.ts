import {userInfo} from 'node:os';
import {output, programName, splitCommand} from '../listener/holder/command.js';
import {commandLines, readSockets, systemProgram} from '../listener/holder/windows.js';
import {asListening, type Listening} from './listening.js';
import type {Ask} from './macos.js';

/** `listeners` on Windows, which does not tell where a process works. */
export async function listenersOnWindows(
	patience: number,
	ask: Ask = output,
): Promise<Listening[]> {
	const own = ['/FI', `USERNAME eq ${userInfo().username}`, '/FO', 'CSV', '/NH'];
	const [all, tasks] = await Promise.all([
		readSockets(patience, ask),
		ask(systemProgram('tasklist.exe'), own, patience),
	]);
	const names = parseTasks(tasks ?? '');
	const sockets = all.filter(({listening, pid}) => listening && names.has(pid));
	const pids = [...new Set(sockets.map(({pid}) => pid))];
	const lines = pids.length === 0 ? new Map() : await commandLines(pids, patience, ask);
	return sockets.map(({port, address, pid}) =>
		asListening({
			port,
			address,
			pid,
			name: names.get(pid),
			argv: splitCommand(lines.get(pid) ?? ''),
			directory: undefined,
		}),
	);
}

/** Reads what `tasklist /FO CSV /NH` writes: the names of processes without `.exe`. */
export function parseTasks(text: string): ReadonlyMap<number, string> {
	const rows = Array.from(text.matchAll(/^\s*"([^"]+)","(\d+)"/gm));
	return new Map(rows.map(([, name = '', pid]) => [Number(pid), programName(name)]));
}
