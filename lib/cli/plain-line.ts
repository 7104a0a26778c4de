import type {Options} from 'yargs';
import {type Flags, fromEnvironment, isOptional, wrapFlags} from './flags.js';

/** A command line of the default command. */
export interface PlainLine {
	readonly backend: string;
	readonly flags: Flags;
}

/** What cannot be a command's name, nor be read as another number than it is written as. */
const plainBackend = /^(?:[1-9]\d{0,4}|[\w.[][\w.[\]-]*:[\w.:/[\]-]+)$/;
/** Without dashes in front or quotes, both of which mean something to the parser. */
const plainValue = /^[^\s'"-][^'"]*$/;

/**
 * Reads the command line that nearly every start has: one backend, and flags of the default command
 * written out, each of them once. What the parser makes of such a line is what this makes of it, but to
 * load the parser takes about as long as all the rest of a start. Whatever else there is, a mistake first of
 * all, is left to the parser.
 *
 * @param args without the program's name
 * @param env the variables by which flags can be set as well
 * @returns `undefined` for a line that is not of that kind
 * @throws UserError `option-invalid` for a variable that its flag does not take
 */
export function readPlain(
	args: readonly string[],
	env: NodeJS.ProcessEnv = process.env,
): PlainLine | undefined {
	const found = new Map<string, string | boolean | readonly string[]>();
	let backend: string | undefined;
	for (let at = 0; at < args.length; at++) {
		const arg = args[at] ?? '';
		if (!arg.startsWith('-')) {
			if (backend !== undefined || !plainBackend.test(arg)) {
				return undefined;
			}
			backend = arg;
			continue;
		}
		const [, long, assigned] = /^--([a-z][a-z-]+)(?:=(.*))?$/s.exec(arg) ?? [];
		const [, short] = /^-([a-z])$/.exec(arg) ?? [];
		const name = long ?? nameOf(short);
		const options = name === undefined ? undefined : known.get(name);
		if (name === undefined || options === undefined) {
			return undefined;
		}
		if (options.type === 'boolean') {
			if (assigned !== undefined || found.has(name) || /^(true|false)$/.test(args[at + 1] ?? '')) {
				return undefined;
			}
			found.set(name, true);
			continue;
		}
		if (isOptional(name) && assigned === undefined) {
			return undefined;
		}
		const value = assigned ?? args[++at] ?? '';
		const before = found.get(name);
		if (!plainValue.test(value) || (before !== undefined && !options.array)) {
			return undefined;
		}
		found.set(name, options.array ? [...(Array.isArray(before) ? before : []), value] : value);
	}
	const set = Object.entries(fromEnvironment(env, wrapFlags));
	const isPlain = set.every(
		([, value]) => typeof value === 'boolean' || isEvery(value, plainValue),
	);
	if (backend === undefined || !isPlain) {
		return undefined;
	}
	const flags = [...set, ...found].map(([name, value]) => [camelCase(name), value]);
	return {backend, flags: Object.fromEntries(flags)};
}

const known = new Map<string, Options>(Object.entries(wrapFlags));

function nameOf(alias: string | undefined): string | undefined {
	return alias && Object.entries<Options>(wrapFlags).find(([, flag]) => flag.alias === alias)?.[0];
}

function isEvery(value: string | readonly string[], pattern: RegExp): boolean {
	return [value].flat().every(text => pattern.test(text));
}

function camelCase(name: string): string {
	return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
