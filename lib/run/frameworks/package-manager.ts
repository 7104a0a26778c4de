import {type Manager, managers, runners} from './managers.js';
import {programName} from './program.js';

/** What a package manager is asked to run. */
export type Asked = Script | Program;

interface Common {
	/** Words behind the name. */
	readonly args: readonly string[];
	/** Whether a `--` has to stand before words that are appended. */
	readonly dashes: boolean;
	/** Where to look, relative to the working directory. */
	readonly directory: string;
}

interface Script extends Common {
	readonly kind: 'script';
	readonly name: string;
	/** Whether it is a program of a package, if there is no such script. */
	readonly elseProgram: boolean;
}

interface Program extends Common {
	readonly kind: 'program';
	readonly name: string;
}

/**
 * What a command line asks a package manager to run.
 *
 * @returns `undefined` for other programs, and for what does not run one script or one program
 */
export function askedOf([file = '', ...words]: readonly string[]): Asked | undefined {
	const name = programName(file);
	const manager = Object.hasOwn(managers, name) ? managers[name] : undefined;
	if (manager !== undefined) {
		return ofManager(manager, words);
	}
	if (runners.has(name)) {
		return ofRunner(words);
	}
	return name === 'node' ? ofNode(words) : undefined;
}

function ofManager(manager: Manager, words: readonly string[]): Asked | undefined {
	const end = words.indexOf('--');
	const own = manager.dashes && end >= 0 ? words.slice(0, end) : words;
	const behind = manager.dashes && end >= 0 ? words.slice(end + 1) : [];
	const dashes = manager.dashes && end < 0;
	let directory = '.';
	const rest: string[] = [];
	for (let index = 0; index < own.length; index++) {
		const word = own[index] ?? '';
		const [option = '', value] = word.split(/=(.*)/s);
		// Behind the name, whoever needs no dashes passes options on.
		const isOwn =
			manager.dashes || rest.length === 0 || (rest.length === 1 && isCommand(manager, rest[0]));
		if (isOwn && manager.elsewhere.includes(option)) {
			return undefined;
		}
		if (isOwn && manager.directory.includes(option)) {
			directory = value ?? own[++index] ?? '.';
		} else if (!(isOwn && word.startsWith('-'))) {
			rest.push(word);
		}
	}
	const [command = '', ...others] = manager.dashes ? [...rest, ...behind] : rest;
	const common = {dashes, directory};
	const [name, ...args] = others;
	if (manager.run.includes(command) && name !== undefined) {
		return {kind: 'script', name, args, elseProgram: manager.bare, ...common};
	}
	if (manager.exec.includes(command) && name !== undefined) {
		return {kind: 'program', name, args, ...common};
	}
	if (manager.scripts.includes(command) || (manager.bare && command !== '')) {
		return {kind: 'script', name: command, args: others, elseProgram: manager.bare, ...common};
	}
	return undefined;
}

function isCommand(manager: Manager, word: string | undefined): boolean {
	return [...manager.run, ...manager.exec].some(command => command === word);
}

function ofRunner(words: readonly string[]): Asked | undefined {
	for (let index = 0; index < words.length; index++) {
		const word = words[index] ?? '';
		if (word === '-c' || word === '--call') {
			return undefined;
		}
		if (word === '-p' || word === '--package') {
			index++;
		} else if (!word.startsWith('-')) {
			const args = words.slice(index + 1);
			return {kind: 'program', name: word, args, dashes: false, directory: '.'};
		}
	}
	return undefined;
}

/** `node --run dev`. */
function ofNode(words: readonly string[]): Asked | undefined {
	const index = words.findIndex(word => word === '--run' || word.startsWith('--run='));
	const isProgram = words.slice(0, Math.max(index, 0)).some(word => !word.startsWith('-'));
	if (index < 0 || isProgram) {
		return undefined;
	}
	const joined = words[index]?.slice('--run='.length) ?? '';
	const name = joined === '' ? words[index + 1] : joined;
	const end = words.indexOf('--');
	return name === undefined
		? undefined
		: {
				kind: 'script',
				name,
				args: end < 0 ? [] : words.slice(end + 1),
				elseProgram: false,
				dashes: end < 0,
				directory: '.',
			};
}
