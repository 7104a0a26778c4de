import {createHash} from 'node:crypto';
import {basename, join} from 'node:path';
import type {Actor, Machine} from './machine.js';
import type {Root} from './root.js';
import type {Step} from './step.js';

/** Where root keeps what it needs to put a file back, out of everybody's reach. */
const rootsOwn: Readonly<Record<string, string>> = {
	darwin: '/Library/Application Support/Sealport',
};

/**
 * A record by which files can be put back byte for byte: copies of them from before and after a root
 * went in. Tools that take a certificate out of a database seldom leave it as it was.
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
	/** The steps that drop the record, for a root that went out in another way. */
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
	const base =
		by === 'root' ? (rootsOwn[machine.platform] ?? '/var/lib/sealport') : machine.directory;
	const mode = by === 'root' ? 0o755 : 0o700;
	const key = createHash('sha256').update(files.join('\0')).digest('hex').slice(0, 16);
	const above = [
		join(base, 'undo', root.name),
		join(base, 'undo'),
		...(by === 'root' ? [base] : []),
	];
	const record = join(base, 'undo', root.name, key);
	const then = (moment: 'before' | 'after') => {
		const folder = join(record, moment);
		return {folder, copies: files.map(file => ({file, copy: join(folder, basename(file))}))};
	};
	const old = then('before');
	const changed = then('after');
	const drop = [old, changed].flatMap(({folder, copies}) => [
		...copies.map(({copy}) => removal(copy)),
		removal(folder),
	]);
	const all = [...drop, ...[record, ...above].map(removal)];
	return {
		before: [
			...drop,
			{kind: 'directory', path: old.folder, mode},
			...old.copies.map(({file, copy}): Step => ({kind: 'copy', from: file, to: copy})),
		],
		after: [
			{kind: 'directory', path: changed.folder, mode},
			...changed.copies.map(({file, copy}): Step => ({kind: 'copy', from: file, to: copy})),
		],
		get putBack() {
			const isRecorded = [old, changed].every(
				({folder}) => machine.entry(folder)?.kind === 'directory',
			);
			if (!isRecorded || !changed.copies.every(({file, copy}) => isSame(machine, file, copy))) {
				return undefined;
			}
			const isNew = old.copies.every(({copy}) => machine.entry(copy) === undefined);
			return [
				...old.copies.map(
					({file, copy}): Step =>
						machine.entry(copy) === undefined
							? removal(file)
							: {kind: 'copy', from: copy, to: file},
				),
				...(isNew ? directories.map(removal) : []),
				...all,
			];
		},
		drop: all,
	};
}

function removal(path: string): Step {
	return {kind: 'remove', path};
}

function isSame(machine: Machine, file: string, copy: string): boolean {
	const [now, then] = [machine.read(file), machine.read(copy)];
	return now === undefined || then === undefined ? now === then : now.equals(then);
}
