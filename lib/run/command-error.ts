import {systemCode, UserError} from '../errors.js';

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

/** The error for a command that the system did not start. */
export function cannotStart(name: string, cause: unknown): CommandError {
	if (systemCode(cause) === 'ENOENT') {
		return notFound(name, cause);
	}
	const why = systemCode(cause) === 'EACCES' ? 'permission denied' : String(systemCode(cause));
	return new CommandError(126, `cannot run ${JSON.stringify(name)}: ${why}`, {
		hint: 'name a program that may be executed',
		cause,
	});
}
