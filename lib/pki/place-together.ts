import {chmodSync, linkSync, lstatSync, mkdirSync, renameSync, rmSync, type Stats} from 'node:fs';
import {join} from 'node:path';
import {reasonOf, remedyOf, systemCode, UserError} from '../errors.js';
import {sweepTemporaries, withTemporary} from './store/temporary-file.js';

/** A file to be written. */
export interface NewFile {
	readonly name: string;
	readonly content: string | Buffer;
	readonly mode: number;
}

/**
 * Puts files into a directory that a person named, all of them or none: what is there already stays,
 * and stays as it was when a later one cannot be written. Links are not followed.
 *
 * @param directory made when it is missing
 * @param replace whether files may take the place of those that are there
 * @throws UserError `file-exists` or `file-unwritable`
 */
export function placeTogether(
	directory: string,
	files: readonly NewFile[],
	replace: boolean,
): void {
	const names = files.map(({name}) => name);
	refuseTaken(directory, names, replace);
	try {
		mkdirSync(directory, {recursive: true});
		sweepTemporaries(directory);
		const contents = [...files.map(({content}) => content), ...files.map(() => '')];
		withTemporaries(directory, contents, paths => {
			const undo: (() => void)[] = [];
			try {
				for (const [index, {name, mode}] of files.entries()) {
					const [fresh = '', old = ''] = [paths[index], paths[index + files.length]];
					chmodSync(fresh, mode);
					undo.push(put(fresh, join(directory, name), old, replace));
				}
			} catch (error) {
				for (const back of undo.reverse()) {
					back();
				}
				throw error;
			}
		});
	} catch (error) {
		// Another process made one of them in between.
		refuseTaken(directory, names, replace);
		throw new UserError(
			'file-unwritable',
			`cannot write ${names.join(' and ')} in ${directory}: ${reasonOf(error)}`,
			{hint: `${remedyOf(error)}, or give another directory with --out`, cause: error},
		);
	}
}

/**
 * Refuses files in the place of others.
 *
 * @param replace whether that is wanted; a link or a directory is refused all the same
 * @throws UserError `file-exists`
 */
export function refuseTaken(directory: string, names: readonly string[], replace: boolean): void {
	for (const name of names) {
		const path = join(directory, name);
		const found = look(path);
		if (found !== undefined && !(replace && found.isFile())) {
			throw new UserError(
				'file-exists',
				replace ? `${path} is there already, and is no plain file` : `${path} is there already`,
				{
					hint: replace
						? 'remove it, or give another directory with --out'
						: 'give --force to overwrite it, or another directory with --out',
				},
			);
		}
	}
}

function look(path: string): Stats | undefined {
	try {
		return lstatSync(path, {throwIfNoEntry: false});
	} catch {
		// Writing fails there, too, and says why.
		return undefined;
	}
}

function withTemporaries(
	directory: string,
	[content, ...rest]: readonly (string | Buffer)[],
	use: (paths: readonly string[]) => void,
): void {
	if (content === undefined) {
		use([]);
	} else {
		withTemporary(directory, content, path =>
			withTemporaries(directory, rest, paths => use([path, ...paths])),
		);
	}
}

/**
 * Moves a file to its place.
 *
 * @param old where to keep what was there
 * @returns what takes it back
 */
function put(fresh: string, path: string, old: string, replace: boolean): () => void {
	if (!replace) {
		moveUnlessTaken(fresh, path);
		return () => rmSync(path, {force: true});
	}
	rmSync(old, {force: true});
	const isKept = keep(path, old);
	const back = () => (isKept ? renameSync(old, path) : rmSync(path, {force: true}));
	try {
		renameSync(fresh, path);
	} catch (error) {
		back();
		throw error;
	}
	return back;
}

/**
 * Keeps what is at a path under a second name, where it is to stay until all is well. Where file systems
 * have no hard links it has that name only, and its place is empty for an instant.
 *
 * @returns whether there was anything
 */
function keep(path: string, second: string): boolean {
	if (link(path, second)) {
		return true;
	}
	if (lstatSync(path, {throwIfNoEntry: false}) === undefined) {
		return false;
	}
	renameSync(path, second);
	return true;
}

function moveUnlessTaken(fresh: string, path: string): void {
	if (link(fresh, path)) {
		return;
	}
	if (lstatSync(path, {throwIfNoEntry: false}) !== undefined) {
		throw new Error('taken');
	}
	renameSync(fresh, path);
}

const unlinkable = new Set([
	'ENOENT',
	'EEXIST',
	'EPERM',
	'ENOTSUP',
	'EOPNOTSUPP',
	'ENOSYS',
	'EMLINK',
]);

/**
 * Gives a file a second name.
 *
 * @returns whether it has one now: not when it is missing, when the name is taken, and where file
 *   systems cannot
 */
function link(path: string, second: string): boolean {
	try {
		linkSync(path, second);
		return true;
	} catch (error) {
		if (unlinkable.has(systemCode(error) ?? '')) {
			return false;
		}
		throw error;
	}
}
