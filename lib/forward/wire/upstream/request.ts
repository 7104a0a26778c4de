import {ProxyError} from '../../../errors.js';
import {brokenOff, malformed} from '../../backend-failure.js';
import type {Clock} from '../clock.js';
import {Malformed, TooLarge} from '../codec/octets.js';
import type {Occupant, UpstreamConnection} from './connection.js';
import type {Pool} from './pool.js';
import type {ResponseSink} from './sink.js';

/** What a request needs on its way to a backend. */
export interface Outgoing {
	/** The head, ready to be sent. */
	readonly head: Buffer;
	readonly method: string;
	readonly pool: Pool;
	/** Whether it may be sent once more without harm: by its method, and because it has no body. */
	readonly replayable: boolean;
	/** Takes the chunks off a chunked response. */
	readonly unchunk: boolean;
}

/** Larger ones are not copied to be written together with the head, in octets. */
const smallBody = 16 * 1024;

/**
 * One request to a backend: finds a connection for it, sends it, and has its response read. A connection
 * that was kept and turns out to be closed is replaced, once, by a fresh one, if nothing has come back and
 * the request may be repeated.
 */
export class UpstreamRequest implements Occupant {
	readonly method: string;
	readonly unchunk: boolean;
	readonly sink: ResponseSink;
	readonly #outgoing: Outgoing;
	readonly #clock: Clock;
	#connection: UpstreamConnection | undefined;
	/** What is to be written as soon as there is a connection. */
	#waiting: Buffer[] = [];
	/** Whether all of the request has been handed over. */
	#sent = false;
	#responded = false;
	#over = false;
	#repeated = false;

	constructor(outgoing: Outgoing, clock: Clock, sink: ResponseSink) {
		this.method = outgoing.method;
		this.unchunk = outgoing.unchunk;
		this.sink = sink;
		this.#outgoing = outgoing;
		this.#clock = clock;
	}

	/**
	 * Sends the head.
	 *
	 * @param body what has come of the body with it
	 * @param complete whether that is all
	 */
	start(body: Buffer | undefined, complete: boolean): void {
		const {head, pool} = this.#outgoing;
		this.#sent = complete;
		const resting = pool.take(this.#clock.now);
		const all = body === undefined || body.length > smallBody ? head : Buffer.concat([head, body]);
		if (resting === undefined) {
			this.#waiting.push(all);
			this.#dial();
		} else {
			this.#use(resting);
			resting.write(all);
		}
		if (body !== undefined && all === head) {
			this.write(body);
		}
	}

	/** @returns whether more can be taken at once; if not, `drained` of the sink says when */
	write(bytes: Buffer): boolean {
		if (this.#connection !== undefined) {
			return this.#connection.write(bytes);
		}
		if (this.#over) {
			// The response is complete without it, and the backend has closed.
			return true;
		}
		this.#waiting.push(bytes);
		return false;
	}

	/** All of the request has been handed over. */
	finish(): void {
		this.#sent = true;
		if (this.#responded) {
			this.#release();
		}
	}

	/** Goes on after the sink has asked to wait. */
	resume(): void {
		this.#connection?.resume();
	}

	/** Ends the writing side of a tunnel. */
	endTunnel(): void {
		this.#connection?.end();
	}

	/** The client of a tunnel has gone: what it has sent is still delivered. */
	closeTunnel(): void {
		this.#over = true;
		this.#connection?.destroySoon();
	}

	/** Gives up, whatever has been sent or has come. Nothing is called any more. */
	abort(): void {
		this.#over = true;
		this.#waiting = [];
		this.#connection?.release();
		this.#connection?.destroy();
	}

	responded(tail: Buffer | undefined): void {
		this.#responded = true;
		if (this.#sent) {
			this.#release();
		} else {
			// Who knows whether the backend reads the rest.
			this.#connection?.retire();
		}
		this.sink.end(tail);
	}

	lost(cause: Error | undefined): void {
		const connection = this.#connection;
		this.#connection = undefined;
		if (this.#over) {
			return;
		}
		if (this.#responded) {
			this.#over = true;
			// What the client still sends is for nobody.
			this.sink.closed('gone');
			return;
		}
		const isStale = connection?.reused === true && !connection.begun;
		if (isStale && this.#outgoing.replayable && !this.#repeated) {
			this.#repeated = true;
			this.#waiting = [this.#outgoing.head];
			this.#dial();
			return;
		}
		this.#fail(this.#explain(cause, connection?.begun ?? false));
	}

	#use(connection: UpstreamConnection): void {
		this.#connection = connection;
		connection.occupy(this);
	}

	#release(): void {
		const connection = this.#connection;
		this.#connection = undefined;
		this.#over = true;
		connection?.release();
		if (connection?.reusable) {
			this.#outgoing.pool.put(connection, this.#clock.now);
		} else {
			connection?.destroy();
		}
	}

	#dial(): void {
		const {pool} = this.#outgoing;
		pool
			.dial(() => !this.#over)
			.then(
				connection => {
					if (this.#over) {
						// A backend that serves one connection at a time would wait for a request on it.
						connection.destroy();
						return;
					}
					this.#use(connection);
					const waiting = this.#waiting;
					this.#waiting = [];
					let takesMore = true;
					for (const bytes of waiting) {
						takesMore = connection.write(bytes);
					}
					if (takesMore) {
						this.sink.drained();
					}
				},
				(error: unknown) => {
					if (!this.#over) {
						this.#fail(error instanceof ProxyError ? error : this.#explain(error, false));
					}
				},
			);
	}

	#fail(error: ProxyError): void {
		this.#over = true;
		this.sink.fail(error);
	}

	#explain(cause: unknown, begun: boolean): ProxyError {
		const {backend} = this.#outgoing.pool;
		if (cause instanceof Malformed || cause instanceof TooLarge) {
			return malformed(backend, `sent what is not HTTP/1.1: ${cause.message}`, cause);
		}
		return brokenOff(backend, begun, cause);
	}
}
