import type {Clock} from '../../clock.js';
import {defaultFrameSize, defaultWindow} from '../framing/frames.js';
import type {Priority} from '../priority.js';
import type {Output} from './output.js';

/** A stream that has something to send and cannot yet. */
export interface Waiting {
	readonly id: number;
	readonly priority: Priority;
	/** Whether it could send if the connection let it. */
	readonly isReady: boolean;
	/**
	 * Sends.
	 *
	 * @param most octets
	 * @returns whether nothing of it waits any more
	 */
	sendOn(most: number): boolean;
}

/** What streams may send on one connection, and which of them goes first (RFC 9218 section 10). */
export class Sending {
	/** Octets that the client takes on the connection before it says more. */
	window = defaultWindow;
	/** When something was sent or taken last, or began to wait, on the lane's clock. */
	progressed = 0;
	readonly #output: Output;
	readonly #clock: Clock;
	readonly #waiting = new Set<Waiting>();

	constructor(output: Output, clock: Clock) {
		this.#output = output;
		this.#clock = clock;
	}

	/** Whether anything waits that no stream could send, since the client takes nothing on the connection. */
	get isHeld(): boolean {
		return this.#waiting.size > 0 && (this.window === 0 || this.#output.full);
	}

	/** Octets that a stream may send now. */
	allowance(streamWindow: number): number {
		return this.#output.full ? 0 : Math.max(0, Math.min(streamWindow, this.window));
	}

	/** The client has taken something. */
	progress(): void {
		this.progressed = this.#clock.now;
	}

	/** Counts what is sent. */
	spend(octets: number): void {
		this.window -= octets;
		this.progressed = this.#clock.now;
	}

	/** Has a stream send when it can. */
	wait(stream: Waiting): void {
		if (this.#waiting.size === 0) {
			this.progressed = this.#clock.now;
		}
		this.#waiting.add(stream);
	}

	forget(stream: Waiting): void {
		this.#waiting.delete(stream);
	}

	/** The client takes more: the most urgent streams first, those that say so in turns. */
	run(): void {
		while (this.#waiting.size > 0 && !this.#output.full) {
			const next = this.#next();
			if (next === undefined) {
				return;
			}
			const most = next.priority.incremental ? defaultFrameSize : Number.POSITIVE_INFINITY;
			this.#waiting.delete(next);
			if (!next.sendOn(most)) {
				// Behind all others of its urgency.
				this.#waiting.add(next);
			}
		}
	}

	#next(): Waiting | undefined {
		let best: Waiting | undefined;
		for (const stream of this.#waiting) {
			if (stream.isReady && (best === undefined || goesBefore(stream, best))) {
				best = stream;
			}
		}
		return best;
	}
}

/** Of the same urgency, those that are of use only as a whole go first, in their order. */
function goesBefore(one: Waiting, other: Waiting): boolean {
	const difference = one.priority.urgency - other.priority.urgency;
	if (difference !== 0) {
		return difference < 0;
	}
	if (one.priority.incremental || other.priority.incremental) {
		return !one.priority.incremental && other.priority.incremental;
	}
	return one.id < other.id;
}
