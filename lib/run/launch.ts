import {spawn} from 'node:child_process';
import {once} from 'node:events';
import type {Writable} from 'node:stream';
import {setTimeout as pause} from 'node:timers/promises';
import {cannotStart} from './command-error.js';
import {commandFor} from './command-for.js';
import {type Outcome, outcomeOf} from './outcome.js';
import {type Passage, passOutput} from './pass-output.js';

/** What to start, and where. */
export interface Command {
	/** The program's name or path, and its arguments. */
	readonly words: readonly string[];
	readonly cwd: string;
	/** The whole environment. */
	readonly env: NodeJS.ProcessEnv;
}

/** Where the output goes. */
export interface Sinks {
	readonly stdout: Writable;
	readonly stderr: Writable;
	/** Gets all of it as text. */
	readonly keep: (text: string) => void;
}

/** A command that has been started. */
export interface Launched {
	readonly pid: number;
	/** The end of the process itself: others that it has started may go on. */
	readonly ended: Promise<Outcome>;
	/** Once all of the output has been passed on, or somebody else holds it open. */
	readonly silent: Promise<unknown>;
	readonly stdout: Passage;
	kill(signal: NodeJS.Signals): void;
}

/** Milliseconds for what is left in the pipes of a process that has ended. */
const lastOutput = 500;

/**
 * Starts a command in this terminal: it is in our process group and has our standard input, and its output
 * goes through us.
 *
 * @throws CommandError
 */
export async function launch({words, cwd, env}: Command, sinks: Sinks): Promise<Launched> {
	const {file, args, verbatim} = commandFor(words, env);
	const child = spawn(file, [...args], {
		cwd,
		env,
		stdio: ['inherit', 'pipe', 'pipe'],
		windowsVerbatimArguments: verbatim,
	});
	const ended = new Promise<Outcome>(resolve => {
		child.once('exit', (code, signal) => resolve(outcomeOf(code, signal)));
	});
	const closed = once(child, 'close').catch(() => undefined);
	await once(child, 'spawn').catch(error => {
		throw cannotStart(words[0] ?? '', error);
	});
	child.on('error', () => {
		/* a signal that came too late */
	});
	const stdout = passOutput(child.stdout, sinks.stdout, sinks.keep);
	passOutput(child.stderr, sinks.stderr, sinks.keep);
	return {
		pid: child.pid ?? 0,
		ended,
		silent: ended.then(() => Promise.race([closed, pause(lastOutput, undefined, {ref: false})])),
		stdout,
		kill: signal => child.kill(signal),
	};
}
