import {output} from '../../listener/holder/command.js';
import type {ProcessRow, ProcessTable} from './table.js';

const ps = '/bin/ps';
const patience = 5000;

/** Reads what `ps -A -o pid=,ppid=,pgid=,stat=,lstart=` writes; those that have ended are left out. */
export function parsePs(text: string): Omit<ProcessRow, 'marked'>[] {
	return text.split('\n').flatMap(line => {
		const [, pid, parent, group, stat = '', started = ''] =
			/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S.*\S)\s*$/.exec(line) ?? [];
		if (pid === undefined || stat.startsWith('Z')) {
			return [];
		}
		const row = {pid: Number(pid), parent: Number(parent), group: Number(group), started};
		return [{...row, session: row.group}];
	});
}

/** The pids in what `ps -A -E -ww -o pid=,command=` writes whose environment contains the marker. */
export function parseMarked(text: string, marker: string): Set<number> {
	const marked = text
		.split('\n')
		.filter(line => line.includes(`SEALPORT_RUN=`) && line.includes(marker));
	return new Set(marked.map(line => Number.parseInt(line, 10)));
}

/**
 * By `ps`. Its times of start are in seconds. It shows the environment of the programs of the same user,
 * but not of those that the system protects.
 *
 * @param run runs a program and gives what it has written
 */
export function macosTable(marker: string, run = output, kill = killOne): ProcessTable {
	const look = async (which: readonly string[]) =>
		parsePs((await run(ps, [...which, '-o', 'pid=,ppid=,pgid=,stat=,lstart='], patience)) ?? '');
	return {
		async rows() {
			const [all, environments] = await Promise.all([
				look(['-A']),
				run(ps, ['-A', '-E', '-ww', '-o', 'pid=,command='], patience),
			]);
			const marked = parseMarked(environments ?? '', marker);
			return all.map(row => ({...row, marked: marked.has(row.pid)}));
		},
		async signal(rows, signal) {
			if (rows.length === 0) {
				return;
			}
			const now = await look(['-p', rows.map(({pid}) => pid).join(',')]);
			const times = new Map(now.map(({pid, started}) => [pid, started]));
			for (const {pid} of rows.filter(row => times.get(row.pid) === row.started)) {
				kill(pid, signal);
			}
		},
	};
}

function killOne(pid: number, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch {
		// It has ended just now, or is another user's.
	}
}
