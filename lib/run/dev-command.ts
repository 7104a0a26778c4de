import {dirname} from 'node:path';
import {UserError} from '../errors.js';
import {markerVariable} from './child-environment.js';
import {devScript} from './dev-script.js';
import {scriptWords} from './frameworks/script-words.js';

/** What to start, before it is told where to listen. */
export interface DevCommand {
	readonly words: readonly string[];
	readonly cwd: string;
	/** For people: `"npm run dev"`. */
	readonly name: string;
}

/** What a configuration file says of it. */
export interface Configured {
	readonly command: string | readonly string[] | undefined;
	/** Where it says so, absolute. */
	readonly file: string | undefined;
}

/**
 * What `sealport run` is to start: what was given, else what the configuration file names, which runs where
 * the file lies, else the `dev` script of the project.
 *
 * @param words what was given
 * @param cwd where it was given
 * @throws UserError `usage`
 */
export function devCommand(
	words: readonly string[],
	cwd: string,
	{command, file}: Configured,
	env: NodeJS.ProcessEnv = process.env,
): DevCommand {
	if (words.length > 0) {
		return {words, cwd, name: JSON.stringify(words.join(' '))};
	}
	if (command !== undefined && command.length > 0) {
		const isText = typeof command === 'string';
		const name = JSON.stringify(isText ? command : command.join(' '));
		const place = file === undefined ? cwd : dirname(file);
		return {words: isText ? wordsOf(command) : command, cwd: place, name};
	}
	const found = devScript(cwd);
	// npm and its like set this for what a script starts.
	if (env[markerVariable] !== undefined && env.npm_lifecycle_event === 'dev') {
		throw new UserError(
			'usage',
			`the script "dev" (${JSON.stringify(found.script)}) runs sealport run without a command, which is to run that script`,
			{hint: 'name the dev server in it, such as sealport run vite'},
		);
	}
	return {words: found.words, cwd: found.cwd, name: JSON.stringify(found.words.join(' '))};
}

/** One command is started by itself, since a shell would stand between it and its signals. */
function wordsOf(text: string): readonly string[] {
	const script = /[$=;&*?~]/.test(text) ? undefined : scriptWords(text);
	if (script !== undefined) {
		return script.words;
	}
	return process.platform === 'win32' ? ['cmd', '/d', '/s', '/c', text] : ['sh', '-c', text];
}
