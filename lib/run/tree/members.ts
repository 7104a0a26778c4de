import type {ProcessRow} from './table.js';

/** What has been seen of a tree: when the process of a pid started. */
export type Known = Map<number, string>;

/**
 * Who belongs to a tree: the processes that have its marker or are known, what they have started, and
 * whoever is in a process group or session that one of them has opened. So a process counts that has left
 * its parent (double fork, `setsid`), and one whose environment was emptied but that has not left.
 *
 * @param known is added to, and loses those that have left no trace
 * @param isApart who does not count, with all that it has started
 */
export function membersOf(
	rows: readonly ProcessRow[],
	known: Known,
	isApart: (row: ProcessRow) => boolean = () => false,
): ProcessRow[] {
	forget(known, rows);
	const byPid = new Map(rows.map(row => [row.pid, row]));
	/** A group outlives its leader, whose pid is then given to nobody else. */
	const isOpenedHere = (id: number) =>
		known.has(id) && (byPid.get(id)?.started ?? known.get(id)) === known.get(id);
	const members = new Map<number, ProcessRow>();
	const apart = new Set<number>();
	for (let before = -1; before !== members.size + apart.size; ) {
		before = members.size + apart.size;
		for (const row of rows) {
			if (members.has(row.pid) || apart.has(row.pid)) {
				continue;
			}
			const belongs =
				row.marked ||
				known.get(row.pid) === row.started ||
				members.has(row.parent) ||
				isOpenedHere(row.session) ||
				isOpenedHere(row.group);
			if (apart.has(row.parent) || (belongs && isApart(row))) {
				apart.add(row.pid);
			} else if (belongs) {
				members.set(row.pid, row);
				known.set(row.pid, row.started);
			}
		}
	}
	// One whose parent was found to be apart only after it.
	for (let before = -1; before !== members.size; ) {
		before = members.size;
		for (const {pid, parent} of [...members.values()]) {
			if (apart.has(parent)) {
				apart.add(pid);
				members.delete(pid);
				known.delete(pid);
			}
		}
	}
	return [...members.values()];
}

function forget(known: Known, rows: readonly ProcessRow[]): void {
	const there = new Set(rows.flatMap(({pid, group, session}) => [pid, group, session]));
	for (const pid of known.keys()) {
		if (!there.has(pid)) {
			known.delete(pid);
		}
	}
}
