import type {Peer} from '../../../forward/seams.js';
import type {System} from '../system.js';

/** One condition of a rule that is about a process. */
export interface PeerCondition {
	/** As it is written in a rule, without its kind: `me`, `/usr/bin/curl`. */
	readonly text: string;
	/** Whether it holds for a process; `undefined` when that cannot be told. */
	holds(peer: Peer): boolean | undefined;
}

/** What reading a condition takes. */
export interface Reading {
	readonly system: System;
	/**
	 * Throws UserError `option-invalid`.
	 *
	 * @param why what is wrong, with the value
	 * @param hint what to do about it
	 */
	refuse(why: string, hint?: string): never;
}
