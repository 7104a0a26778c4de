import {type ChildProcess, spawn} from 'node:child_process';
import {cannotStart} from './command-error.js';
import {commandFor} from './command-for.js';
import {outcomeOf} from './outcome.js';
import {hasTerminal} from './terminal.js';

/** Signals that mean the program that was started, when they reach the one in front of it. */
const passedOn = ['SIGTERM', 'SIGHUP', 'SIGUSR2'] as const;
/** Those that a terminal sends to all of its foreground programs at once. */
const ofTerminal = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Runs a command to its end in this terminal: it has our standard input, output and error. Signals that
 * ask us to end go to it.
 *
 * @param command the program's name or path, and its arguments
 * @param env its whole environment
 * @returns its exit code; 128 and the signal's number when a signal ended it
 * @throws CommandError
 */
export async function runCommand(
	command: readonly string[],
	env: NodeJS.ProcessEnv,
): Promise<number> {
	const {file, args, verbatim} = commandFor(command, env);
	let child: ChildProcess | undefined;
	const pass = (signal: NodeJS.Signals) => child?.kill(signal);
	const hear = (signal: NodeJS.Signals) => {
		// Sent to the child by the terminal already: twice would mean "at once" to many programs.
		if (!hasTerminal()) {
			pass(signal);
		}
	};
	for (const signal of passedOn) {
		process.on(signal, pass);
	}
	for (const signal of ofTerminal) {
		process.on(signal, hear);
	}
	try {
		return await new Promise<number>((resolve, reject) => {
			child = spawn(file, [...args], {stdio: 'inherit', env, windowsVerbatimArguments: verbatim});
			child.once('error', error => reject(cannotStart(command[0] ?? '', error)));
			child.once('exit', (code, signal) => resolve(outcomeOf(code, signal).code));
		});
	} finally {
		for (const signal of passedOn) {
			process.off(signal, pass);
		}
		for (const signal of ofTerminal) {
			process.off(signal, hear);
		}
	}
}
