import type {WireContext} from '../../context.js';
import {ConnectionError, type ErrorCode, errorCode} from '../framing/errors.js';
import type {Output} from '../output/output.js';
import {Sending} from '../output/sending.js';
import type {Rates} from '../rates.js';
import type {Channel, Gathering} from './channel.js';
import {grow, mostStreams, Peer} from './peer.js';
import type {Prepared} from './prepared.js';
import {type Closed, RecentStreams} from './recent.js';
import {Stream} from './stream.js';

/** The streams of one connection: those that are open, and what is known of the others. */
export class Streams implements Channel {
	readonly context: WireContext;
	readonly output: Output;
	readonly sending: Sending;
	readonly peer = new Peer();
	/** The last stream that the client has opened. */
	last = 0;
	/** The last one that was not for nobody: what GOAWAY says, and must not grow (RFC 9113 section 6.8). */
	lastTaken = 0;
	/** Whether further streams are for nobody: the client has been told. */
	isClosed = false;
	readonly #rates: Rates;
	readonly #emptied: () => void;
	readonly #open = new Map<number, Stream>();
	readonly #recent = new RecentStreams();
	#hasShrunkTable = false;
	#gathering: Gathering[] = [];

	/** @param emptied told when the last stream is closed */
	constructor(context: WireContext, output: Output, rates: Rates, emptied: () => void) {
		this.context = context;
		this.output = output;
		this.sending = new Sending(output, context.clock);
		this.#rates = rates;
		this.#emptied = emptied;
	}

	get size(): number {
		return this.#open.size;
	}

	/** A stream that is open. */
	get(id: number): Stream | undefined {
		return this.#open.get(id);
	}

	isOpen(stream: Stream): boolean {
		return this.#open.get(stream.id) === stream;
	}

	/**
	 * Finds the stream of a frame that opens none.
	 *
	 * @returns `undefined` for one that is closed
	 * @throws ConnectionError for one that has not been opened
	 */
	find(id: number, what: string): Stream | undefined {
		const stream = this.#open.get(id);
		if (stream === undefined && (id > this.last || id % 2 === 0)) {
			throw new ConnectionError(errorCode.protocolError, `${what} for a stream that is not open`);
		}
		return stream;
	}

	/**
	 * Whether a client opens a stream that it has not opened before.
	 *
	 * @throws ConnectionError for one that no client opens
	 */
	isNew(id: number): boolean {
		if (id % 2 === 0) {
			throw new ConnectionError(errorCode.protocolError, `a client opens no stream ${id}`);
		}
		return id > this.last;
	}

	/** @returns whether a new stream is to be opened, and is not to be turned away */
	admit(id: number): boolean {
		this.last = id;
		if (this.isClosed) {
			return false;
		}
		this.lastTaken = id;
		return this.#open.size < mostStreams;
	}

	/** Opens a new stream, and forwards its request. */
	open(id: number, prepared: Prepared, complete: boolean): void {
		const stream = new Stream(id, prepared, complete, this.peer.window, this);
		this.#open.set(id, stream);
		stream.start();
	}

	/** Does not open a new stream: there are too many, or the client has been told that it is too late. */
	turnAway(id: number): void {
		if (this.isClosed) {
			this.#recent.add(id, 'reset here');
		} else {
			this.fail(id, errorCode.refusedStream);
		}
	}

	/**
	 * Deals with a frame for a stream that is closed (RFC 9113 section 5.1).
	 *
	 * @param unknown the error for one that is not known to have been open
	 * @throws ConnectionError
	 */
	refuseClosed(id: number, unknown: ErrorCode): void {
		switch (this.#recent.get(id)) {
			case 'reset here':
				// Sent before the client has seen it.
				return;
			case 'reset by client':
				this.fail(id, errorCode.streamClosed);
				return;
			case 'ended':
				throw new ConnectionError(errorCode.streamClosed, `stream ${id} is closed`);
			default:
				throw new ConnectionError(unknown, `stream ${id} is closed`);
		}
	}

	/**
	 * Resets a stream because of what its client did.
	 *
	 * @throws ConnectionError when that has become too much, and for a stream that has not been opened
	 */
	fail(id: number, code: ErrorCode): void {
		if (id > this.last) {
			throw new ConnectionError(code, `a frame for stream ${id}, which is not open, is broken`);
		}
		this.#rates.resets.count(this.context.clock.now, 'errors');
		if (this.#open.has(id)) {
			this.resetStream(id, code);
		} else {
			this.output.reset(id, code);
			this.#recent.add(id, 'reset here');
		}
	}

	/**
	 * All windows change, because the client has changed the first.
	 *
	 * @param most by how much they have changed in between, which may be too much already
	 * @throws ConnectionError
	 */
	widen({by, most}: {readonly by: number; readonly most: number}): void {
		for (const {download} of this.#open.values()) {
			grow(download.window, most);
			download.window += by;
		}
	}

	/** Ends what waits for a client that sends nothing. */
	check(now: number): void {
		for (const stream of this.#open.values()) {
			stream.check(now);
		}
	}

	/** The connection is gone: so are all streams. */
	abandon(): void {
		const open = [...this.#open.values()];
		this.#open.clear();
		for (const stream of open) {
			stream.abandon();
		}
	}

	resetByClient(stream: Stream): void {
		this.#close(stream, 'reset by client');
		stream.abandon();
	}

	resetStream(id: number, code: ErrorCode): void {
		const stream = this.#open.get(id);
		if (stream !== undefined) {
			this.output.reset(id, code);
			this.#close(stream, 'reset here');
			stream.abandon();
		}
	}

	gather(gathering: Gathering): void {
		this.#gathering.push(gathering);
	}

	/** A read is over. */
	gathered(): void {
		const gathering = this.#gathering;
		if (gathering.length > 0) {
			this.#gathering = [];
			for (const each of gathering) {
				each.gathered();
			}
		}
	}

	ended(id: number): void {
		const stream = this.#open.get(id);
		if (stream !== undefined) {
			this.#close(stream, 'ended');
		}
	}

	sendHeaders(stream: number, block: Buffer, endStream: boolean): void {
		const shrinks = this.peer.mustShrinkTable && !this.#hasShrunkTable;
		this.#hasShrunkTable ||= shrinks;
		this.output.headers(stream, block, endStream, shrinks ? 1 : 0);
	}

	#close(stream: Stream, how: Closed): void {
		this.#open.delete(stream.id);
		this.#recent.add(stream.id, how);
		this.sending.forget(stream.download);
		if (this.#open.size === 0) {
			this.#emptied();
		}
	}
}
