import {posix, win32} from 'node:path';
import type {Entry, Machine} from '../../lib/pki/trust/machine.js';
import type {Actor, Answer} from '../../lib/pki/trust/run-program.js';

/** What there is on a machine that exists on paper only. */
export interface Script {
	readonly platform: NodeJS.Platform;
	readonly env?: Readonly<Record<string, string>>;
	readonly home?: string;
	readonly directory?: string;
	/** `undefined` for Windows. */
	readonly uid?: number | undefined;
	readonly isRoot?: boolean;
	/** Programs by name, with their paths. */
	readonly programs?: Readonly<Record<string, string>>;
	/** Files by path, with their content; the directories above them are there, too. */
	readonly files?: Readonly<Record<string, string | Buffer>>;
	/** Everything else by path: directories, links, and files that are special. */
	readonly entries?: Readonly<Record<string, Partial<Entry>>>;
	/** Directories that others than root can write to. */
	readonly unguarded?: readonly string[];
	/** What programs answer, by command line: the words with a space between them. */
	readonly answers?: Readonly<Record<string, Partial<Answer>>>;
}

/** A scripted machine, and the command lines that it was asked, each with as whom. */
export type ScriptedMachine = Machine & {readonly asked: ReadonlyArray<readonly [string, Actor]>};

/**
 * Makes a machine that answers from a script. A program that the script does not name throws, and so
 * fails the spec; a path that it does not name is missing.
 */
export function scriptedMachine(script: Script): ScriptedMachine {
	const {platform, files = {}, entries = {}, answers = {}, unguarded = []} = script;
	const {join, sep} = platform === 'win32' ? win32 : posix;
	const asked: Array<readonly [string, Actor]> = [];
	const owner = platform === 'win32' ? 0 : (script.uid ?? 0);
	const paths = [...Object.keys(files), ...Object.keys(entries)];
	/** The paths below a directory, from there. */
	const below = (path: string) => {
		const start = join(path, sep);
		return paths.filter(inner => inner.startsWith(start)).map(inner => inner.slice(start.length));
	};
	const entry: Machine['entry'] = path => {
		const home = script.home ?? '/home/jane';
		const uid = path.startsWith(home) ? owner : 0;
		if (path in entries) {
			return {kind: 'file', uid, mode: 0o644, ...entries[path]};
		}
		if (path in files) {
			return {kind: 'file', uid, mode: 0o644};
		}
		return below(path).length > 0 ? {kind: 'directory', uid, mode: 0o755} : undefined;
	};
	return {
		platform,
		env: script.env ?? {},
		home: script.home ?? '/home/jane',
		directory: script.directory ?? '/home/jane/.local/share/sealport',
		uid: platform === 'win32' ? undefined : owner,
		isRoot: script.isRoot ?? owner === 0,
		asked,
		find: program => script.programs?.[program],
		async ask(program, args, as = 'person') {
			const line = [program, ...args].join(' ');
			const answer = answers[line];
			if (answer === undefined) {
				throw new Error(`not in the script: ${line}`);
			}
			asked.push([line, as]);
			return {code: 0, stdout: '', stderr: '', ...answer};
		},
		entry,
		list: path => [...new Set(below(path).map(inner => inner.split(sep)[0] ?? ''))].sort(),
		read(path) {
			const content = files[path];
			return content === undefined ? undefined : Buffer.from(content);
		},
		real: path => (entry(path) === undefined ? undefined : path),
		isGuarded: path => !unguarded.includes(path),
	};
}
