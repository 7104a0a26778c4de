import {lstatSync, readdirSync, readFileSync, realpathSync} from 'node:fs';
import {homedir} from 'node:os';
import {sudoer} from '../store/owner.js';
import {findProgram} from './find-program.js';
import {isGuarded} from './guarded.js';
import {type Actor, type Answer, runProgram} from './run-program.js';

/** What lies at a path, links not followed. */
export interface Entry {
	readonly kind: 'file' | 'directory' | 'link' | 'other';
	readonly uid: number;
	/** Permission bits. */
	readonly mode: number;
}

/** Milliseconds: some programs wait for a person to unlock what they read. */
const patience = 120_000;

/**
 * The machine as trust stores see it. Everything that they read or ask goes through here, so that the
 * stores of other systems can be specified on this one.
 */
export interface Machine {
	readonly platform: NodeJS.Platform;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** Home directory of the person: under sudo, of the one who called it. */
	readonly home: string;
	/** The person's directory of Sealport's own files, absolute. */
	readonly directory: string;
	/** The person's user id; `undefined` on Windows. */
	readonly uid: number | undefined;
	/** Whether what needs root's rights can be done. */
	readonly isRoot: boolean;
	/**
	 * Absolute path of a program in a directory that only the system's administrator can change;
	 * `undefined` when there is none there, whatever PATH says.
	 *
	 * @param directories where to look; those of the platform when left out
	 */
	find(program: string, directories?: readonly string[]): string | undefined;
	/**
	 * Runs a program that only reads, for two minutes at the most.
	 *
	 * @param as for files of the person `person`, so that nothing there comes to belong to root
	 */
	ask(program: string, args: readonly string[], as?: Actor): Promise<Answer>;
	entry(path: string): Entry | undefined;
	/** The names in a directory, sorted; none when it is missing or cannot be read. */
	list(path: string): readonly string[];
	/** The content of a file; `undefined` when it is missing or cannot be read. Links are followed. */
	read(path: string): Buffer | undefined;
	/** The path with all links resolved; `undefined` for nothing. */
	real(path: string): string | undefined;
	/** Whether nobody but root can change what a path leads to. */
	isGuarded(path: string): boolean;
}

/**
 * This machine.
 *
 * @param directory of Sealport's own files, absolute
 */
export function thisMachine(directory: string): Machine {
	const owner = sudoer();
	return {
		platform: process.platform,
		env: process.env,
		directory,
		home: owner?.home ?? homedir(),
		uid: owner?.uid ?? process.getuid?.(),
		isRoot: process.getuid?.() === 0,
		find: findProgram,
		ask: (program, args, as = 'person') => runProgram(program, args, as, patience),
		entry: path => attempt(() => describe(path)),
		list: path => attempt(() => readdirSync(path).sort()) ?? [],
		read: path => attempt(() => readFileSync(path)),
		real: path => attempt(() => realpathSync(path)),
		isGuarded,
	};
}

function describe(path: string): Entry | undefined {
	const found = lstatSync(path, {throwIfNoEntry: false});
	if (found === undefined) {
		return undefined;
	}
	const kind = found.isSymbolicLink()
		? 'link'
		: found.isFile()
			? 'file'
			: found.isDirectory()
				? 'directory'
				: 'other';
	return {kind, uid: found.uid, mode: found.mode & 0o7777};
}

function attempt<Result>(read: () => Result): Result | undefined {
	try {
		return read();
	} catch {
		return undefined;
	}
}
