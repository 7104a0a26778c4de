import type {Peer} from '../../forward/seams.js';
import {parseLsof} from '../../listener/holder/macos.js';
import type {PeerSearch} from './find-peers.js';
import {lineageOf, lookInRounds, type Survey} from './rounds.js';
import {wholeOutput} from './whole-output.js';

/** One process as `ps` shows it. */
interface PsRow {
	readonly parent: number;
	readonly uid: number;
	readonly user: string;
	readonly started: string;
}

/**
 * Finds peers on macOS by `lsof` and `ps`. Without root, `lsof` shows the sockets of the own user's processes
 * only, so those of others are not known.
 *
 * @param ask runs a program and gives what it has written
 */
export function openMacosFinder(ask = wholeOutput): PeerSearch {
	return lookInRounds(macosSurvey(ask));
}

const lsof = '/usr/sbin/lsof';
const patience = 5000;

function macosSurvey(ask: typeof wholeOutput): Survey {
	return {
		async sockets() {
			const text = await ask(lsof, ['-nP', '-iTCP', '-FpcuftnT'], patience);
			if (text === undefined) {
				throw new Error('lsof shows no sockets');
			}
			return parseLsof(text);
		},
		async processes(pids) {
			const ps = ['-A', '-ww', '-o', 'pid=,ppid=,uid=,user=,lstart='];
			const [table, programs] = await Promise.all([
				ask('/bin/ps', ps, patience),
				ask(lsof, ['-nP', '-a', '-d', 'txt', '-p', pids.join(','), '-Fpfn'], patience),
			]);
			const rows = parsePs(table ?? '');
			const paths = parsePrograms(programs ?? '');
			return new Map(
				pids.flatMap(pid => {
					const row = rows.get(pid);
					return row === undefined ? [] : [[pid, peerOf(pid, row, paths.get(pid), rows)] as const];
				}),
			);
		},
	};
}

function peerOf(
	pid: number,
	{user, uid}: PsRow,
	executable: string | undefined,
	rows: ReadonlyMap<number, PsRow>,
): Peer {
	const whereabouts = {executable, netns: undefined, container: undefined};
	return {pid, user, uid, ...whereabouts, ...lineageOf(pid, rows)};
}

/** Reads what `ps -o pid=,ppid=,uid=,user=,lstart=` writes. */
export function parsePs(text: string): ReadonlyMap<number, PsRow> {
	const rows = Array.from(text.matchAll(/^ *(\d+) +(\d+) +(\d+) +(\S+) +(\S.*?) *$/gm));
	return new Map(
		rows.map(([, pid, parent, uid, user = '', started = '']) => [
			Number(pid),
			{parent: Number(parent), uid: Number(uid), user, started},
		]),
	);
}

/**
 * Reads what `lsof -d txt -Fpfn` writes: the files that processes have mapped as programs. The first of a
 * process is the program itself; libraries follow. One that lsof could not read, or that has been deleted,
 * has words in its name's place, or behind it, and is left out.
 */
export function parsePrograms(text: string): ReadonlyMap<number, string> {
	const found = new Map<number, string>();
	let pid: number | undefined;
	for (const line of text.split('\n')) {
		if (line.startsWith('p')) {
			pid = Number(line.slice(1));
		} else if (line.startsWith('n') && pid !== undefined) {
			const path = line.slice(1);
			// lsof writes what is not printable as \xc3 or ^A: such a name may stand for another.
			if (path.startsWith('/') && !/[\\^]| \([^()/]*\)$/.test(path)) {
				found.set(pid, path);
			}
			pid = undefined;
		}
	}
	return found;
}
