import {relative, resolve, sep} from 'node:path';
import type {Config} from '../config/define.js';
import {type FileState, FilesRead} from '../config/files-read.js';
import {findConfig} from '../config/find.js';
import {readFields, validate} from '../config/options.js';
import {ConfigError, Problems} from '../config/problems.js';
import {UserError} from '../errors.js';
import type {ServeOptions} from '../index.js';
import {asksForOldWays, type Flags} from './flags.js';
import {merge} from './merge.js';
import {mergeRoutes} from './merge-routes.js';
import {named, type Origin, type Origins, originOf} from './origins.js';
import {type FlagOptions, readFlags, readRouteFlags} from './serve-options.js';

/** What the command line says, the environment included. */
export interface Given {
	readonly backend?: string | undefined;
	readonly flags: Flags;
}

/** What holds, of flags, environment, configuration file and defaults. */
export interface Effective {
	/** The configuration file, absolute; `undefined` when there is none. */
	readonly file: string | undefined;
	/** The files to watch for changes: that one and what it imports, each as it was when it was read. */
	readonly watched: ReadonlyMap<string, FileState>;
	/** One for each tunnel; none when no backend is named anywhere. */
	readonly options: readonly ServeOptions[];
	/** The options without routes. */
	readonly common: FlagOptions;
	/** With `open`, `json`, `quiet` and `verbose` as they hold. */
	readonly flags: Flags;
	/** What `sealport run` is to start. */
	readonly command: string | readonly string[] | undefined;
	readonly origins: Origins;
}

/** What else it depends on. */
export interface Surroundings {
	readonly args?: readonly string[];
	readonly env?: NodeJS.ProcessEnv;
	/** Is given the files that were read, also when that fails. */
	readonly files?: FilesRead;
	/** Told of what is passed over. */
	readonly notice?: (warning: string) => void;
}

/**
 * Finds and reads the configuration file, and joins it with the flags: flag, environment, file, default.
 *
 * @throws ConfigError with all that is wrong, each told by the name that its writer knows
 * @throws UserError `config-unreadable` or `config-invalid` for a file that cannot be read
 */
export async function effective(given: Given, around: Surroundings = {}): Promise<Effective> {
	const {args = process.argv.slice(2), env = process.env, files = new FilesRead()} = around;
	const {backend, flags} = given;
	if (asksForOldWays(flags)) {
		const {oldWays} = await import('./old-ways.js');
		return oldWays(given, around, undefined);
	}
	const file = flags.config === undefined ? findConfig() : resolve(flags.config);
	const shown = file === undefined ? '' : shownPath(file);
	const problems = new Problems();
	let config: Config = {};
	if (file !== undefined) {
		const [{loadConfig}, {checkFile, isOldFormat, withPaths}] = await Promise.all([
			import('../config/load.js'),
			import('../config/file.js'),
		]);
		if (!file.endsWith('.json')) {
			(await import('./stray-rejections.js')).hearStrayRejections();
		}
		const content = await loadConfig(file, flags.config ?? shown, files);
		if (flags.config !== undefined && isOldFormat(content)) {
			const {oldWays} = await import('./old-ways.js');
			return oldWays(given, {...around, files}, file);
		}
		const found = new Problems();
		config = withPaths(checkFile(content, found), file);
		for (const {path, message, hint} of found.list) {
			problems.add(path, message, `in ${shown}: ${hint ?? 'correct it there'}`);
		}
	}
	const byFlag = new Problems();
	const read = await readFlags(flags, byFlag);
	const routed = readRouteFlags(flags.route ?? [], byFlag);
	for (const {path, message, hint} of byFlag.list) {
		problems.add(originOf(path, undefined, args, env).path, message, hint);
	}
	const {options: common, switches, origins} = merge(read, flags, config, shown, args, env);
	const positional: Origin = {kind: 'flag', path: 'backend', source: 'argument', file: undefined};
	const routeOrigin = originOf('route', undefined, args, env);
	const {routes, origins: routeOrigins} = mergeRoutes(
		[
			...(backend === undefined ? [] : [{route: {match: '/', backend}, origin: positional}]),
			...routed.map(route => ({route, origin: routeOrigin})),
		],
		config,
		shown,
	);
	const all: Origins = new Map([...origins, ...routeOrigins]);
	const isFile = problems.list.length > byFlag.list.length;
	check(
		routes.length > 0 && problems.list.length === 0 ? {...common, routes} : read,
		all,
		problems,
	);
	throwAll(problems, isFile);
	return {
		file,
		watched: files.states,
		options: routes.length === 0 ? [] : [{...common, routes}],
		common,
		flags: {...flags, ...switches},
		command: config.command,
		origins: all,
	};
}

/** Checks options together when they have routes, else each by itself. */
function check(options: FlagOptions | ServeOptions, origins: Origins, problems: Problems): void {
	const found = new Problems();
	if ('routes' in options) {
		found.attempt(undefined, () => validate(options));
	} else {
		readFields(definedOnly(options), found);
	}
	for (const problem of found.list) {
		const {path, message, hint} = named(problem, origins);
		problems.add(path, message, hint);
	}
}

function definedOnly(options: object): object {
	return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function throwAll({list}: Problems, isFile: boolean): void {
	if (list.length > 0) {
		const texts = list.map(problem => JSON.stringify(problem));
		const each = list.filter((_, index) => texts.indexOf(texts[index] ?? '') === index);
		const ofFile = isFile || each.some(({hint}) => hint?.startsWith('in '));
		throw new ConfigError(each, ofFile ? 'config-invalid' : 'option-invalid');
	}
}

/** A path as people write it. */
export function shownPath(path: string): string {
	const short = relative('', path);
	return short === '' || short.startsWith(`..${sep}..${sep}..`) ? path : short;
}

/** The error for a configuration file that was there and is no more. */
export function goneError(file: string): UserError {
	return new UserError('config-unreadable', `config: ${shownPath(file)} is gone`, {
		hint: 'put it back, or start Sealport anew to do without it',
	});
}
