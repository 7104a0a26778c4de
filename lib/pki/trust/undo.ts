import {createHash} from 'node:crypto';
import {basename, join} from 'node:path';
import type {Machine} from './machine.js';
import type {Root} from './root.js';
import {rootsOwn} from './roots-own.js';
import type {Actor} from './run-program.js';
import type {Deed, Step} from './step.js';

/**
 * A record by which files can be put back byte for byte: copies of them from before and after a root
 * went in. Tools that take a certificate out of a database seldom leave it as it was.
 */
export interface Undo {
	/** The steps before the change. */
	readonly before: readonly Step[];
	/** What drops the record of a change that failed and left the files as they were. */
	readonly cancel: readonly Deed[];
	/** The steps after the change. */
	readonly after: readonly Step[];
	/**
	 * The steps that put the files back and drop the record; `undefined` where there is no record, or
	 * where the files are no longer as the change left them, so that something else would be lost.
	 */
	readonly putBack: readonly Step[] | undefined;
	/**
	 * The same for a change that broke off before it touched the files, for what taking it back would do
	 * to them; `undefined` where they are not as they were before.
	 */
	readonly keep: readonly Step[] | undefined;
	/** The steps that drop the record, for a root that went out in another way. */
	readonly drop: readonly Step[];
}

/**
 * Plans the record for the files of one place, as things are now.
 *
 * @param files absolute paths in one directory; what is missing before the change goes away again
 * @param directories what the change makes for them when it is missing, the innermost first
 * @param place tells the record from that of another place which changes the same files
 * @throws UserError `trust-store-unusable` when others than root can change what root recorded
 */
export function undoFor(
	machine: Machine,
	root: Root,
	by: Actor,
	files: readonly string[],
	directories: readonly string[] = [],
	place = '',
): Undo {
	const isThere = (path: string) => machine.entry(path) !== undefined;
	const key = createHash('sha256')
		.update([...files, place].join('\0'))
		.digest('hex')
		.slice(0, 16);
	const name = `${root.name}-${key}`;
	const base = by === 'root' ? rootsOwn(machine, name) : join(machine.directory, 'undo');
	const record = join(base, name);
	const copies = files.map(file => ({
		file,
		before: join(record, `before-${basename(file)}`),
		after: join(record, `after-${basename(file)}`),
	}));
	const all = copies
		.flatMap(({before, after}) => [before, after])
		.map(path => ({kind: 'remove', path}) as const);
	const stale = all.filter(({path}) => isThere(path));
	const drop: readonly Step[] = isThere(record)
		? [...stale, ...emptied(machine, record, base)]
		: [];
	const isAsLeft =
		copies.some(({after}) => isThere(after)) &&
		copies.every(({file, after}) => isSame(machine, file, after));
	const isAsBefore =
		isThere(record) && copies.every(({file, before}) => isSame(machine, file, before));
	const old = copies.map(
		({file, before}): Step =>
			isThere(before) ? {kind: 'copy', from: before, to: file} : {kind: 'remove', path: file},
	);
	const made = copies.some(({before}) => isThere(before)) ? [] : directories;
	return {
		before: [
			...stale,
			{kind: 'directory', path: record, mode: by === 'root' ? 0o755 : 0o700},
			...copies
				.filter(({file}) => isThere(file))
				.map(({file, before}): Step => ({kind: 'copy', from: file, to: before})),
		],
		cancel: [...all, ...emptied(machine, record, base)],
		after: copies.map(({file, after}): Step => ({kind: 'copy', from: file, to: after})),
		putBack: isAsLeft
			? [...old, ...made.map((path): Step => ({kind: 'remove-directory', path})), ...drop]
			: undefined,
		keep: isAsBefore ? [...old, ...drop] : undefined,
		drop,
	};
}

/** The record's directory goes, and the one above it with its last record. */
function emptied(machine: Machine, record: string, base: string): readonly Deed[] {
	const isLast = machine.list(base).every(name => name === basename(record));
	return [record, ...(isLast ? [base] : [])].map(path => ({kind: 'remove-directory', path}));
}

/** What cannot be read is like nothing else, a missing file like another one. */
function isSame(machine: Machine, file: string, copy: string): boolean {
	const [now, then] = [machine.read(file), machine.read(copy)];
	return now === undefined || then === undefined
		? [file, copy].every(path => machine.entry(path) === undefined)
		: now.equals(then);
}
