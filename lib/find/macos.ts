import {output, splitCommand} from '../listener/holder/command.js';
import {commandLines, parseLsof} from '../listener/holder/macos.js';
import {sudoer} from '../pki/store/owner.js';
import {asListening, type Listening} from './listening.js';

/** Runs a program and gives what it wrote; see `output`. */
export type Ask = typeof output;

const lsof = '/usr/sbin/lsof';

/** `listeners` on macOS. */
export async function listenersOnMacos(patience: number, ask: Ask = output): Promise<Listening[]> {
	const users = [process.getuid?.(), sudoer()?.uid].filter(uid => uid !== undefined);
	// -a: of these users, and listening; without it lsof takes either. +c0: whole names.
	const args = ['+c0', '-nP', '-a', '-u', users.join(','), '-iTCP', '-sTCP:LISTEN', '-FpcuftnT'];
	const sockets = parseLsof((await ask(lsof, args, patience)) ?? '');
	const pids = [...new Set(sockets.map(({pid}) => pid))];
	if (pids.length === 0) {
		return [];
	}
	const [lines, directories] = await Promise.all([
		commandLines(pids, patience, ask),
		ask(lsof, ['-nP', '-a', '-d', 'cwd', '-p', pids.join(','), '-Fpn'], patience),
	]);
	const places = parseDirectories(directories ?? '');
	return sockets.map(({port, address, pid, name}) =>
		asListening({
			port,
			address,
			pid,
			name,
			argv: splitCommand(lines.get(pid) ?? ''),
			directory: places.get(pid),
		}),
	);
}

/** Reads what `lsof -d cwd -Fpn` writes: the working directories of processes. */
export function parseDirectories(text: string): ReadonlyMap<number, string> {
	const found = new Map<number, string>();
	let pid = 0;
	for (const line of text.split('\n')) {
		if (line.startsWith('p')) {
			pid = Number(line.slice(1));
		} else if (line.startsWith('n')) {
			found.set(pid, line.slice(1));
		}
	}
	return found;
}
