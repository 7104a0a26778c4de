import {UserError} from '../errors.js';
import {markerVariable} from './child-environment.js';
import {devScript} from './dev-script.js';

/** What to start, before it is told where to listen. */
export interface DevCommand {
	readonly words: readonly string[];
	readonly cwd: string;
	/** For people: `"npm run dev"`. */
	readonly name: string;
}

/**
 * What `sealport run` is to start.
 *
 * @param words what was given; the `dev` script of the project when empty
 * @param cwd where it was given
 * @throws UserError `usage`
 */
export function devCommand(
	words: readonly string[],
	cwd: string,
	env: NodeJS.ProcessEnv = process.env,
): DevCommand {
	if (words.length > 0) {
		return {words, cwd, name: JSON.stringify(words.join(' '))};
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
