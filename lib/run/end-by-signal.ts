import {setTimeout as pause} from 'node:timers/promises';
import type {Launched} from './launch.js';
import {type Outcome, outcomeOf} from './outcome.js';
import type {Supervised} from './supervise.js';
import {hasTerminal} from './terminal.js';

/** Milliseconds from the signal on. */
const times = {
	/** Until a person is told that they may hurry it. */
	say: 1000,
	/** Until one that may not have got the terminal's signal is asked itself. */
	ask: 3000,
	/** Until it is killed. */
	kill: 10_000,
};

/**
 * Ends a command because of a signal: it gets the signal and ten seconds, then all that is left of its tree
 * is killed; at once when a second signal comes.
 *
 * @returns how the command has ended; where it had left others behind, that the signal has ended them
 */
export async function endBySignal(
	{name, tree, endings: {hurry}, warn, note}: Supervised,
	launched: Launched,
	signal: NodeJS.Signals,
): Promise<Outcome> {
	const began = performance.now();
	let outcome: Outcome | undefined;
	const wasRunning = await Promise.race([launched.ended.then(() => false), pause(0, true)]);
	void launched.ended.then(how => {
		outcome = how;
	});
	const fromTerminal = signal === 'SIGINT' && hasTerminal();
	if (!fromTerminal) {
		launched.kill(signal);
	}
	const timers = [
		setTimeout(() => {
			note(`waiting up to 10 seconds for ${name} to end; press Ctrl+C again to end it at once`);
		}, times.say),
		setTimeout(() => fromTerminal && launched.kill('SIGTERM'), times.ask),
	];
	const patience = pause(times.kill, undefined, {signal: hurry, ref: false});
	await Promise.race([launched.ended, patience.catch(() => undefined)]);
	// What it has left behind has not been asked yet.
	const left = outcome === undefined ? 0 : times.kill - (performance.now() - began);
	const killed = await tree.end(hurry.aborted ? 0 : Math.max(0, left), hurry);
	for (const timer of timers) {
		clearTimeout(timer);
	}
	if (killed > 0 && !hurry.aborted) {
		warn(`${name} has not ended within 10 seconds of ${signal}, and was killed`);
	}
	await launched.silent;
	const ours = outcomeOf(null, wasRunning ? 'SIGKILL' : signal);
	return wasRunning ? Promise.race([launched.ended, pause(times.say, ours)]) : ours;
}
