import {posix, win32} from 'node:path';
import {reasonOf} from '../../../errors.js';
import {printable} from '../../../printable.js';
import {compileGlob, isGlob, wrongWithGlob} from '../glob.js';
import type {Found, System} from '../system.js';
import type {PeerCondition, Reading} from './condition.js';

/** Which program it is to be. */
export interface ExeCondition extends PeerCondition {
	/** Path or glob, the folders in front of the first wildcard without links. */
	readonly pattern: string;
	readonly warnings: readonly string[];
}

/**
 * Reads `exe=`: the absolute path of a program that is there, or a glob whose folders in front of the first
 * wildcard are. Windows does not tell capital letters from small ones; macOS may, so there a path that
 * differs in them only cannot be told to be the same.
 */
export function parseExe(text: string, reading: Reading): ExeCondition {
	const {system, refuse} = reading;
	const isWindows = system.platform === 'win32';
	const path = isWindows ? text.replaceAll('\\', '/') : text;
	if (!(isWindows ? /^[a-z]:\//i : /^\//).test(path)) {
		return refuse(`expected an absolute path, got ${shown(text)}`, wayTo(text, system));
	}
	const found = isGlob(path) ? folderOf(path, reading) : programAt(path, reading);
	const pattern = found.pattern;
	const below = isWindows ? pattern.slice(2) : pattern;
	const drive = isWindows ? pattern.slice(0, 2) : '';
	const fits = (fold: (name: string) => string) => {
		const glob = isGlob(path) ? compileGlob(fold(below)) : (each: string) => each === fold(below);
		return (each: string) =>
			fold(each).startsWith(fold(drive)) && glob(fold(each).slice(drive.length));
	};
	const surely = fits(isWindows ? smallAscii : asItIs);
	const perhaps = system.platform === 'linux' ? surely : fits(small);
	return {
		text,
		pattern: isWindows ? pattern.replaceAll('/', '\\') : pattern,
		warnings: isWindows ? [] : openToAll(found, system),
		holds({executable}) {
			if (executable === undefined) {
				return undefined;
			}
			const its = isWindows
				? executable.replace(/^\\\\\?\\/, '').replaceAll('\\', '/')
				: executable;
			return surely(its) ? true : perhaps(its) ? undefined : false;
		},
	};
}

const asItIs = (text: string) => text;
const small = (text: string) => text.toLowerCase();
/** Other letters are matched to each other in tables of the volume. */
const smallAscii = (text: string) => text.replace(/[A-Z]+/g, small);

interface Place extends Found {
	readonly pattern: string;
}

function programAt(path: string, {system, refuse}: Reading): Place {
	const found = find(path, system, refuse);
	if (!found.isFile) {
		return refuse(
			`${shown(path)} is no program`,
			`for all programs below a folder: exe=${path.replace(/\/+$/, '')}/**`,
		);
	}
	const interpreter = /^#! *(\S+)/.exec(system.beginning(found.path))?.[1];
	if (interpreter !== undefined) {
		return refuse(
			`${shown(path)} is a script: the program that runs is its interpreter, ${printable(interpreter)}`,
			'name the interpreter, which lets in every script that it runs, or use pid= or user=',
		);
	}
	return {...found, pattern: slashed(found.path, system)};
}

function folderOf(path: string, {system, refuse}: Reading): Place {
	const wrong = wrongWithGlob(path.replace(/^[a-z]:/i, ''));
	if (wrong !== undefined) {
		return refuse(`bad glob: ${shown(path)} ${wrong}`);
	}
	const first = path.search(/[*?]/);
	const end = path.lastIndexOf('/', first);
	const found = find(path.slice(0, end + 1), system, refuse);
	return {...found, pattern: slashed(found.path, system).replace(/\/$/, '') + path.slice(end)};
}

function find(path: string, system: System, refuse: Reading['refuse']): Found {
	try {
		return system.find(path);
	} catch (error) {
		return refuse(`cannot find ${shown(path)}: ${reasonOf(error)}`);
	}
}

function slashed(path: string, {platform}: System): string {
	return platform === 'win32' ? path.replace(/^\\\\\?\\/, '').replaceAll('\\', '/') : path;
}

/** The program that a bare name leads to in PATH. */
function wayTo(name: string, system: System): string {
	const {delimiter, join} = system.platform === 'win32' ? win32 : posix;
	const names = system.platform === 'win32' ? [name, `${name}.exe`] : [name];
	const isBare = /^[^/\\]+$/.test(name) && !isGlob(name);
	const candidates = isBare
		? system.path
				.split(delimiter)
				.filter(Boolean)
				.flatMap(folder => names.map(each => join(folder, each)))
		: [];
	for (const each of candidates) {
		try {
			const {path, isFile} = system.find(each);
			if (isFile && !system.beginning(path).startsWith('#!')) {
				return `did you mean exe=${printable(path)}?`;
			}
		} catch {
			// Not in this folder.
		}
	}
	return 'a program is named by its whole path, such as exe=/usr/bin/curl';
}

/** What others than the owner and root could put another program in the place of. */
function openToAll({path, isFile, mode, pattern}: Place, system: System): string[] {
	const consequence = `so exe=${printable(pattern)} may be any program`;
	if ((mode & 0o002) !== 0) {
		return [`everybody may write to ${printable(path)}, ${consequence}`];
	}
	for (
		let folder = isFile ? posix.dirname(path) : path;
		folder !== '/';
		folder = posix.dirname(folder)
	) {
		// In a sticky folder such as /tmp nobody can replace what is another's.
		if ((system.find(folder).mode & 0o1002) === 0o002) {
			return [`everybody may write to ${printable(folder)}, ${consequence}`];
		}
	}
	return [];
}

function shown(path: string): string {
	return JSON.stringify(printable(path));
}
