import {createHash} from 'node:crypto';
import {basename, join} from 'node:path';
import type {Actor, Machine} from './machine.js';
import type {Root} from './root.js';
import type {Step} from './step.js';

/** Where root keeps what it needs to put a file back, out of everybody's reach. */
const rootsOwn: Readonly<Record<string, string>> = {darwin: '/Library/Application Support'};

/**
 * A record by which files can be put back byte for byte: copies of them from before and after a root
 * went in. Tools that take a certificate out of a database seldom leave it as it was. What is there
 * already is looked at once, when the steps are asked for.
 */
export interface Undo {
	/** The steps before the change. */
	readonly before: readonly Step[];
	/** The steps after the change. */
	readonly after: readonly Step[];
	/**
	 * The steps that put the files back and drop the record; `undefined` where there is no record, or
	 * where the files are no longer as the change left them, so that something else would be lost.
	 */
	readonly putBack: readonly Step[] | undefined;
	/** The steps that drop the record, for a root that went out in another way; none without one. */
	readonly drop: readonly Step[];
}

/**
 * Plans the record for the files of one place.
 *
 * @param files absolute paths in one directory; what is missing before the change goes away again
 * @param directories what the change makes for them when it is missing, the innermost first
 */
export function undoFor(
	machine: Machine,
	root: Root,
	by: Actor,
	files: readonly string[],
	directories: readonly string[] = [],
): Undo {
	const base = by === 'root' ? (rootsOwn[machine.platform] ?? '/var/lib') : machine.directory;
	const key = createHash('sha256').update(files.join('\0')).digest('hex').slice(0, 16);
	// One directory for each record and none around it, so that the last one leaves nothing behind.
	const record = join(base, `${root.name}-undo-${key}`);
	const copies = files.map(file => ({
		file,
		old: join(record, `before-${basename(file)}`),
		changed: join(record, `after-${basename(file)}`),
	}));
	const isThere = (path: string) => machine.entry(path) !== undefined;
	const stale = () =>
		copies.flatMap(({old, changed}) => [old, changed].filter(isThere).map(removal));
	const drop = () => (isThere(record) ? [...stale(), directoryRemoval(record)] : []);
	return {
		get before() {
			return [
				...stale(),
				{kind: 'directory', path: record, mode: by === 'root' ? 0o755 : 0o700},
				...copies
					.filter(({file}) => isThere(file))
					.map(({file, old}): Step => ({kind: 'copy', from: file, to: old})),
			];
		},
		after: copies.map(({file, changed}): Step => ({kind: 'copy', from: file, to: changed})),
		get putBack() {
			const isComplete = copies.some(({changed}) => isThere(changed));
			if (!isComplete || !copies.every(({file, changed}) => isSame(machine, file, changed))) {
				return undefined;
			}
			const isNew = !copies.some(({old}) => isThere(old));
			return [
				...copies.map(
					({file, old}): Step =>
						isThere(old) ? {kind: 'copy', from: old, to: file} : removal(file),
				),
				...(isNew ? directories.map(directoryRemoval) : []),
				...drop(),
			];
		},
		get drop() {
			return drop();
		},
	};
}

function removal(path: string): Step {
	return {kind: 'remove', path};
}

function directoryRemoval(path: string): Step {
	return {kind: 'remove-directory', path};
}

function isSame(machine: Machine, file: string, copy: string): boolean {
	const [now, then] = [machine.read(file), machine.read(copy)];
	return now === undefined || then === undefined ? now === then : now.equals(then);
}
