import {UserError} from '../errors.js';
import {ConfigError, type Problem} from '../index.js';
import {isGiven, variableOf} from './flags.js';

/** Where a value has come from. */
export interface Origin {
	readonly kind: 'flag' | 'environment' | 'file';
	/** What errors call it: `port`, `SEALPORT_PORT`, `routes["/api"].backend`. */
	readonly path: string;
	/** For people: `--port`, `SEALPORT_PORT`, `sealport.config.ts: port`. */
	readonly source: string;
	/** The configuration file, as people write it. */
	readonly file: string | undefined;
}

/** By the path of the option: `port`, `limits.headSize`, `routes[2]`. What is not there has its default. */
export type Origins = ReadonlyMap<string, Origin>;

/** The origin of a flag's value: the command line or the environment. */
export function originOf(
	flag: string,
	alias: string | undefined,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
): Origin {
	const variable = variableOf(flag);
	return isGiven(flag, alias, args) || !env[variable]
		? {kind: 'flag', path: flag, source: `--${flag}`, file: undefined}
		: {kind: 'environment', path: variable, source: variable, file: undefined};
}

/** The origin of a value from the configuration file. */
export function originIn(file: string, path: string): Origin {
	return {kind: 'file', path, source: `${file}: ${path}`, file};
}

/** The origin of the value at a path, or of what holds it, and the rest of the path behind that. */
export function lookUp(origins: Origins, path: string): {origin: Origin; rest: string} | undefined {
	for (let end = path.length; end > 0; end--) {
		const rest = path.slice(end);
		const origin = rest === '' || /^[.[]/.test(rest) ? origins.get(path.slice(0, end)) : undefined;
		if (origin !== undefined) {
			return {origin, rest};
		}
	}
	return undefined;
}

/** What a person calls the value at a path. */
function nameFor(origins: Origins, path: string): string {
	const found = lookUp(origins, path);
	if (found === undefined) {
		return path;
	}
	return found.origin.kind === 'file' ? `${found.origin.path}${found.rest}` : found.origin.path;
}

/** A problem as it is told to whoever has written the value. */
export function named(problem: Problem, origins: Origins): Problem {
	const {path, message, hint} = problem;
	const file = lookUp(origins, path.split(' ')[0] ?? '')?.origin.file;
	return {
		path: nameFor(origins, path),
		message: message.replace(/\broutes\[\d+\](?:\.\w+)*/g, each => nameFor(origins, each)),
		hint: file === undefined ? hint : `in ${file}: ${hint ?? 'correct it there'}`,
	};
}

/** An error that names an option, told to whoever has written its value. */
export function namingOrigin(error: unknown, origins: Origins): unknown {
	if (!(error instanceof UserError) || error instanceof ConfigError) {
		return error;
	}
	const [, flag = '', message = ''] = /^([a-z][a-z-]*): (.*)$/s.exec(error.message) ?? [];
	const option = optionOf(flag);
	const found = lookUp(origins, option);
	if (found?.origin.kind !== 'file') {
		return error;
	}
	const {path, hint} = named({path: option, message, hint: error.hint}, origins);
	return new UserError(error.code, `${path}: ${message}`, {
		...(hint === undefined ? {} : {hint}),
		cause: error,
	});
}

const options: Readonly<Record<string, string>> = {name: 'names', route: 'routes', limit: 'limits'};

/** The option that a flag sets. */
export function optionOf(flag: string): string {
	return options[flag] ?? flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
