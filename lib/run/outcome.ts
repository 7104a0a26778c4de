import {constants} from 'node:os';

/** How a command has ended. */
export interface Outcome {
	/** As shells have it: 128 and the signal's number where a signal ended it. */
	readonly code: number;
	/** For people: `code 1`, `SIGSEGV`. */
	readonly how: string;
}

/** What Node.js says of the end of a process. */
export function outcomeOf(code: number | null, signal: NodeJS.Signals | null): Outcome {
	return signal === null
		? {code: code ?? 1, how: `code ${code ?? 1}`}
		: {code: 128 + constants.signals[signal], how: signal};
}
