import {existsSync} from 'node:fs';
import {win32} from 'node:path';
import {batchArguments} from './batch.js';
import {notFound} from './command-error.js';

/** How to start a command, for `spawn`. */
export interface Start {
	readonly file: string;
	readonly args: readonly string[];
	/** Windows: the arguments are quoted already. */
	readonly verbatim: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How to start a command. Windows finds programs by PATH and PATHEXT, but starts those in `.cmd` and
 * `.bat` files, such as npm, by its command interpreter only.
 *
 * @param command the program's name or path, and its arguments
 * @param env the environment that it is to have
 * @throws CommandError when Windows has no such program, or cannot be given the arguments safely
 */
export function commandFor(
	[name = '', ...args]: readonly string[],
	env: Environment,
	platform: NodeJS.Platform = process.platform,
	exists: (path: string) => boolean = existsSync,
): Start {
	if (platform !== 'win32') {
		return {file: name, args, verbatim: false};
	}
	const file = candidates(name, env).find(exists);
	if (file === undefined) {
		throw notFound(name);
	}
	if (!/\.(cmd|bat)$/i.test(file)) {
		return {file, args, verbatim: false};
	}
	const system = variable(env, 'SystemRoot') ?? 'C:\\Windows';
	return {
		file: win32.join(system, 'System32', 'cmd.exe'),
		args: batchArguments(file, args),
		verbatim: true,
	};
}

const startable = ['.com', '.exe', '.bat', '.cmd'];

function candidates(name: string, env: Environment): readonly string[] {
	const listed = (variable(env, 'PATHEXT') ?? startable.join(';')).toLowerCase().split(';');
	const extensions = listed.filter(extension => startable.includes(extension));
	const isWhole = startable.includes(win32.extname(name).toLowerCase());
	const files = [...(isWhole ? [name] : []), ...extensions.map(extension => name + extension)];
	// Not in the working directory, unlike the interpreter itself: a project that brings its own
	// npm.cmd along is not to be run by its name alone.
	const directories = /[\\/]/.test(name) ? ['.'] : (variable(env, 'PATH') ?? '').split(';');
	return directories
		.filter(directory => directory !== '')
		.flatMap(directory => files.map(file => win32.resolve(directory, file)));
}

/** Windows does not tell the names of variables apart by their case. */
function variable(env: Environment, name: string): string | undefined {
	const found = Object.keys(env).find(key => key.toLowerCase() === name.toLowerCase());
	return found === undefined ? undefined : env[found];
}
