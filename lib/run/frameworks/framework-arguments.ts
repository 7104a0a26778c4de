import {resolve} from 'node:path';
import {isGiven, numberOf, type Place, portIn} from './flag.js';
import {manifestFrom} from './manifest.js';
import {variablesOf} from './own-name.js';
import {askedOf} from './package-manager.js';
import {programName, unwrapped} from './program.js';
import type {Framework} from './row.js';
import {scriptWords} from './script-words.js';
import {frameworks} from './table.js';

/** How to start a command so that it listens where it is to. */
export interface FrameworkArguments {
	readonly command: readonly string[];
	/** Variables besides PORT and HOST; with PORT, where the person has chosen the port. */
	readonly env: Readonly<Record<string, string>>;
	/** The port that the person has chosen, in the command or in the script that it runs. */
	readonly port?: number;
}

/**
 * Makes a command line listen on a port and an address. Most programs obey PORT and HOST, which is for
 * the caller to set; those of the table are given their flags, also behind package managers, whose
 * scripts are read from the package.json at or above `place.cwd`. What is given already is left as it
 * is. Where flags cannot be appended to a script, there are none.
 *
 * @param command the program, and its arguments, as the person gave them
 */
export async function frameworkArguments(
	command: readonly string[],
	place: Place,
): Promise<FrameworkArguments> {
	const found = await programOf(command, place.cwd, 0);
	const variables = variablesOf(place);
	if (found === undefined) {
		return {command, env: variables};
	}
	const {name, args, cwd} = found;
	const framework = frameworks.find(candidate => isMeant(candidate, name, args));
	const position = framework?.position?.(args);
	const given =
		position === undefined ? numberOf(framework?.ports ?? ['--port'], args) : portIn(position);
	const port = given ?? found.port;
	const flags = args.includes('--')
		? []
		: ((await framework?.flags({...place, port: port ?? place.port, cwd})) ?? []);
	const missing = flags.filter(flag =>
		flag.names.length === 0 ? position === undefined : !isGiven(flag, args),
	);
	const words = missing.flatMap(flag => flag.words);
	const env = {...variables, ...framework?.env?.(place)};
	return {
		command: words.length === 0 ? command : [...command, ...found.passed(words)],
		env: port === undefined ? env : {...env, PORT: String(port)},
		...(port === undefined ? {} : {port}),
	};
}

function isMeant(framework: Framework, name: string, args: readonly string[]): boolean {
	const isNamed =
		framework.names.includes(programName(name)) ||
		framework.names.includes(name.replace(/(?<=.)@[^@/]*$/, ''));
	return isNamed && framework.serves(args);
}

/** The program that a command line starts in the end. */
interface Found {
	readonly name: string;
	readonly args: readonly string[];
	/** Where it is started. */
	readonly cwd: string;
	/** The port that a variable gives to it. */
	readonly port: number | undefined;
	/** What to append to the command line for the program to have these words behind its arguments. */
	readonly passed: (words: readonly string[]) => readonly string[];
}

/** A script may call another one; one that calls itself ends here. */
const deepest = 8;

async function programOf(
	command: readonly string[],
	directory: string,
	depth: number,
): Promise<Found | undefined> {
	const {words, port} = unwrapped(command);
	const asked = askedOf(words);
	if (asked === undefined || depth > deepest) {
		const [name = '', ...args] = words;
		return {name, args, cwd: directory, port, passed: extra => extra};
	}
	const place = resolve(directory, asked.directory);
	const manifest = asked.kind === 'script' ? await manifestFrom(place) : undefined;
	const text = asked.kind === 'script' ? manifest?.scripts[asked.name] : undefined;
	const script = typeof text === 'string' ? scriptWords(text) : undefined;
	const isProgram = asked.kind === 'program' || (asked.elseProgram && text === undefined);
	if (!isProgram && script === undefined) {
		return undefined;
	}
	const next = script?.words ?? [asked.name];
	const start = resolve(manifest?.directory ?? place, script?.directory ?? '.');
	const found = await programOf([...next, ...asked.args], start, depth + 1);
	return found === undefined
		? undefined
		: {
				...found,
				port: found.port ?? port,
				passed: extra => [...(asked.dashes ? ['--'] : []), ...found.passed(extra)],
			};
}
