import {UserError} from '../errors.js';

/** A command that could not be started, and the exit code that shells have for it. */
export class CommandError extends UserError {
	/**
	 * @param exitCode 127 for a command that is not found, 126 for one that cannot be run (POSIX.1-2017,
	 *   Shell Command Language, section 2.8.2)
	 */
	constructor(
		readonly exitCode: 126 | 127,
		message: string,
		options: {readonly hint?: string; readonly cause?: unknown},
	) {
		super('command-unusable', message, options);
	}
}

/** The error for a command that is nowhere. */
export function notFound(name: string, cause?: unknown): CommandError {
	return new CommandError(127, `cannot run ${JSON.stringify(name)}: no such program`, {
		hint: /[\\/]/.test(name)
			? 'check its path, and for a script what its first line names'
			: 'check its name, and that PATH leads to it',
		cause,
	});
}
