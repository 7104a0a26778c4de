import {ProxyError} from '../../../errors.js';
import {brokenOff, malformed} from '../../backend-failure.js';
import type {Lost} from '../../seams.js';
import type {Clock} from '../clock.js';
import {Malformed, TooLarge} from '../codec/octets.js';
import type {BackendRequest, Outgoing} from './backend-request.js';
import type {Occupant, UpstreamConnection} from './connection.js';
import type {Pool} from './pool.js';
import type {ResponseSink} from './sink.js';

/** Larger ones are not copied to be written together with the head, in octets. */
const smallBody = 16 * 1024;

/** Octets of a body that are kept so that the request can be sent once more. */
const mostKept = 64 * 1024;

const lastChunk = Buffer.from('0\r\n\r\n');

/**
 * One request to a backend that speaks HTTP/1.1: finds a connection for it, sends it, and has its response
 * read. While the backend restarts, it waits; and where its connection is closed before anything has come back,
 * it is sent once more, if it may be.
 */
export class UpstreamRequest implements Occupant, BackendRequest {
	readonly method: string;
	readonly unchunk: boolean;
	readonly sink: ResponseSink;
	readonly #pool: Pool;
	readonly #outgoing: Outgoing;
	readonly #clock: Clock;
	#connection: UpstreamConnection | undefined;
	/** What is to be written as soon as there is a connection. */
	#waiting: Buffer[] = [];
	/** Whether all of the request has been handed over. */
	#sent = false;
	#responded = false;
	#over = false;
	/** Whether it may be sent once more: with what is kept of its body, as it was framed. */
	#isWhole: boolean;
	#kept: Buffer[] | undefined;
	#keptOctets = 0;
	#lost: Lost | undefined;

	constructor(pool: Pool, outgoing: Outgoing, clock: Clock, sink: ResponseSink) {
		this.method = outgoing.method;
		this.unchunk = outgoing.unchunk;
		this.sink = sink;
		this.#isWhole = outgoing.replayable;
		this.#pool = pool;
		this.#outgoing = outgoing;
		this.#clock = clock;
	}

	start(body: Buffer | undefined, complete: boolean): void {
		const {head} = this.#outgoing;
		this.#sent = complete;
		const resting = this.#pool.take(this.#clock.now);
		const all = body === undefined || body.length > smallBody ? head : Buffer.concat([head, body]);
		if (resting === undefined) {
			this.#waiting.push(all);
			this.#dial();
		} else {
			this.#use(resting);
			resting.write(all);
		}
		if (body !== undefined) {
			all === head ? this.write(body) : this.#keep(body);
		}
	}

	write(bytes: Buffer): boolean {
		return this.#outgoing.chunk ? this.#write(chunkOf(bytes)) : this.#write(bytes);
	}

	#write(bytes: Buffer): boolean {
		this.#keep(bytes);
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

	finish(trailers = ''): void {
		this.#sent = true;
		if (this.#outgoing.chunk) {
			this.#write(trailers === '' ? lastChunk : Buffer.from(`0\r\n${trailers}\r\n`, 'latin1'));
		}
		if (this.#responded) {
			this.#release();
		}
	}

	resume(): void {
		this.#connection?.resume();
	}

	endTunnel(): void {
		this.#connection?.end();
	}

	closeTunnel(): void {
		this.#over = true;
		this.#connection?.destroySoon();
	}

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
		const isBegun = connection?.begun ?? false;
		const error = this.#explain(cause, isBegun);
		if (isBegun || !this.#isWhole) {
			this.#fail(error);
			return;
		}
		const {since, times} = this.#lost ?? {since: performance.now(), times: 0};
		this.#lost = {since, times: connection?.reused ? times : times + 1, error};
		this.#waiting = [this.#outgoing.head, ...(this.#kept ?? [])];
		this.#dial();
	}

	/** Bytes of the body, as they are framed: they are sent as long as they are kept, or once. */
	#keep(bytes: Buffer): void {
		if (!this.#isWhole) {
			return;
		}
		this.#keptOctets += bytes.length;
		if (this.#keptOctets > mostKept || this.#connection?.begun) {
			this.#isWhole = false;
			this.#kept = undefined;
		} else {
			this.#kept ??= [];
			this.#kept.push(bytes);
		}
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
			this.#pool.put(connection, this.#clock.now);
		} else {
			// A backend that has answered early may still read what was sent.
			connection?.destroySoon();
		}
	}

	#dial(): void {
		this.#pool
			.dial(() => !this.#over, this.#lost)
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
						this.#fail(this.#explain(error, false));
					}
				},
			);
	}

	#fail(error: ProxyError): void {
		this.#over = true;
		this.sink.fail(error);
	}

	#explain(cause: unknown, begun: boolean): ProxyError {
		const {backend} = this.#pool;
		if (cause instanceof ProxyError) {
			return cause;
		}
		if (cause instanceof Malformed || cause instanceof TooLarge) {
			return malformed(backend, `sent what is not HTTP/1.1: ${cause.message}`, cause);
		}
		return brokenOff(backend, begun, cause);
	}
}

/** The bytes with the size before them and the line break behind (RFC 9112 section 7.1). */
function chunkOf(bytes: Buffer): Buffer {
	const size = `${bytes.length.toString(16)}\r\n`;
	const chunk = Buffer.allocUnsafe(size.length + bytes.length + 2);
	chunk.write(size, 'latin1');
	bytes.copy(chunk, size.length);
	chunk.write('\r\n', size.length + bytes.length, 'latin1');
	return chunk;
}
