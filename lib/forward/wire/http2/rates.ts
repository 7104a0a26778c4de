import {ConnectionError, errorCode} from './framing/errors.js';

/** Lets so many events pass: a burst, and then so many a second (a token bucket). */
export class Rate {
	readonly #burst: number;
	readonly #perMillisecond: number;
	#tokens: number;
	#last = 0;

	/**
	 * @param burst how many may come at once
	 * @param perSecond how many of them come back in a second
	 */
	constructor(burst: number, perSecond: number) {
		this.#burst = burst;
		this.#perMillisecond = perSecond / 1000;
		this.#tokens = burst;
	}

	/**
	 * Counts events.
	 *
	 * @param now by a clock that counts milliseconds, and does not go back
	 * @returns whether they are within the rate; if not, they are not counted
	 */
	take(now: number, count = 1): boolean {
		if (now !== this.#last) {
			const earned = (now - this.#last) * this.#perMillisecond;
			this.#tokens = Math.min(this.#burst, this.#tokens + earned);
			this.#last = now;
		}
		if (this.#tokens < count) {
			return false;
		}
		this.#tokens -= count;
		return true;
	}

	/**
	 * Counts one event.
	 *
	 * @param what its name, for whoever debugs the client
	 * @throws ConnectionError when there have been too many
	 */
	count(now: number, what: string): void {
		if (!this.take(now)) {
			throw new ConnectionError(errorCode.enhanceYourCalm, `too many: ${what}`);
		}
	}
}

/** What of one connection is counted, because it costs its sender next to nothing. */
export interface Rates {
	/**
	 * Streams that the client resets, and streams reset because of what it did wrong: each may have become a
	 * request to the backend already. Leaving a page of a thousand modules resets as many as are open, 128 at
	 * a time.
	 */
	readonly resets: Rate;
	/**
	 * PING. Clients of gRPC measure the path with one a round trip while data flows, which on one machine
	 * is thousands a second.
	 */
	readonly pings: Rate;
	/** SETTINGS: clients send it when they begin, and some once or twice more. */
	readonly settings: Rate;
	/**
	 * DATA without data that does not end its stream: some libraries flush with it. However little data there
	 * is, the window of the stream bounds it, and a stream of small messages may have any number of them.
	 */
	readonly emptyData: Rate;
	/** PRIORITY, PRIORITY_UPDATE, and frames that nobody knows: some browsers send one or two a request. */
	readonly ignored: Rate;
	/**
	 * WINDOW_UPDATE: some clients send two for each DATA frame, and a fast download has tens of thousands of
	 * those a second.
	 */
	readonly windowUpdates: Rate;
}

/** The rates of a new connection: far above what clients do, far below what would be felt. */
export function newRates(): Rates {
	return {
		resets: new Rate(1000, 33),
		pings: new Rate(10_000, 5000),
		settings: new Rate(100, 10),
		emptyData: new Rate(1000, 100),
		ignored: new Rate(10_000, 1000),
		windowUpdates: new Rate(200_000, 200_000),
	};
}
