import {Malformed, TooLarge} from '../../codec/octets.js';
import type {WireContext} from '../../context.js';
import {ConnectionError, type ErrorCode, errorCode, type StreamError} from '../framing/errors.js';
import {largest31} from '../framing/frames.js';
import type {FrameHandler} from '../framing/reader.js';
import {readPriorityUpdate} from '../priority.js';
import {newRates, type Rate} from '../rates.js';
import type {Channel} from './channel.js';
import type {Output} from './output.js';
import {connectionWindow, grow, mostStreams, Peer} from './peer.js';
import {type Closed, RecentStreams} from './recent.js';
import {RequestReader} from './request-reader.js';
import {Sending} from './sending.js';
import {Stream} from './stream.js';

/** What of a connection is not about one stream. */
export interface Connection {
	/** The last stream is closed. */
	emptied(): void;
	/** What was sent with PING has come back. */
	pinged(): void;
	/** The client will open no further streams. */
	leaving(): void;
}

/** The streams of one connection: takes the frames of the client, and gives each to whom it is for. */
export class Streams implements FrameHandler, Channel {
	readonly context: WireContext;
	readonly output: Output;
	readonly sending: Sending;
	/** The last stream that the client has opened. */
	last = 0;
	/** Whether further streams are for nobody: the client has been told. */
	isClosed = false;
	readonly #connection: Connection;
	readonly #requests: RequestReader;
	readonly #open = new Map<number, Stream>();
	readonly #recent = new RecentStreams();
	readonly #peer = new Peer();
	readonly #rates = newRates();
	/** Octets that the client may still send, and those of them that it has not been told of. */
	#window = connectionWindow;
	#uncredited = 0;
	#hasShrunkTable = false;
	/** Of the DATA frame that is being read: its stream, unless it is for nobody. */
	#receiving: Stream | undefined;
	/** Whether it has neither brought data nor ended its stream. */
	#isEmpty = false;

	/** @param address of the client */
	constructor(context: WireContext, output: Output, address: string, connection: Connection) {
		this.context = context;
		this.output = output;
		this.sending = new Sending(output, context.clock);
		this.#connection = connection;
		this.#requests = new RequestReader(context.limits, address);
	}

	get size(): number {
		return this.#open.size;
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

	sendHeaders(stream: number, block: Buffer, endStream: boolean): void {
		const shrinks = this.#peer.mustShrinkTable && !this.#hasShrunkTable;
		this.#hasShrunkTable ||= shrinks;
		this.output.headers(stream, block, endStream, shrinks ? 1 : 0);
	}

	ended(stream: Stream): void {
		this.#close(stream.id, 'ended');
	}

	resetStream(stream: Stream, code: ErrorCode): void {
		if (this.#open.get(stream.id) !== stream) {
			return;
		}
		this.output.reset(stream.id, code);
		this.#close(stream.id, 'reset here');
		stream.abandon();
	}

	dataBegins(id: number, length: number, endStream: boolean): void {
		this.#window -= length;
		if (this.#window < 0) {
			throw new ConnectionError(errorCode.flowControlError, 'more has come than was asked for');
		}
		this.#uncredited += length;
		if (this.#uncredited * 2 >= connectionWindow) {
			this.output.windowUpdate(0, this.#uncredited);
			this.#window += this.#uncredited;
			this.#uncredited = 0;
		}
		this.#isEmpty = !endStream;
		const stream = this.#find(id, 'DATA');
		this.#receiving = stream;
		if (stream === undefined) {
			this.#refuseClosed(id, errorCode.streamClosed);
			return;
		}
		if (stream.isRead) {
			this.#fail(id, errorCode.streamClosed);
		} else if (!stream.accept(length)) {
			this.#fail(id, errorCode.flowControlError);
		}
	}

	data(id: number, bytes: Buffer, start: number, end: number): void {
		this.#isEmpty = false;
		if (this.#receiving?.receive(bytes, start, end) === false) {
			this.#fail(id, errorCode.protocolError);
		}
	}

	dataEnds(id: number, endStream: boolean): void {
		if (this.#isEmpty) {
			this.#count(this.#rates.emptyData, 'empty DATA');
		}
		const stream = this.#receiving;
		this.#receiving = undefined;
		if (stream === undefined) {
			return;
		}
		stream.settle();
		if (endStream && !stream.endRequest('')) {
			this.#fail(id, errorCode.protocolError);
		}
	}

	headers(id: number, endStream: boolean, bytes: Buffer, start: number, end: number): void {
		const stream = this.#open.get(id);
		if (stream !== undefined) {
			this.#trailers(stream, endStream, bytes, start, end);
			return;
		}
		if (id % 2 === 0) {
			throw new ConnectionError(errorCode.protocolError, `a client opens no stream ${id}`);
		}
		if (id <= this.last) {
			this.#requests.skip(bytes, start, end);
			this.#refuseClosed(id, errorCode.protocolError);
			return;
		}
		this.last = id;
		if (this.isClosed) {
			this.#requests.skip(bytes, start, end);
			this.#recent.add(id, 'reset here');
		} else if (this.#open.size >= mostStreams) {
			this.#requests.skip(bytes, start, end);
			this.#fail(id, errorCode.refusedStream);
		} else {
			this.#begin(id, endStream, bytes, start, end);
		}
	}

	reset(id: number): void {
		const stream = this.#find(id, 'RST_STREAM');
		if (stream === undefined) {
			// Some libraries reset a stream that they have cancelled once more for each DATA frame that was on
			// its way to them.
			this.#count(this.#rates.ignored, 'RST_STREAM');
			return;
		}
		this.#count(this.#rates.resets, 'RST_STREAM');
		this.#close(id, 'reset by client');
		stream.abandon();
	}

	settings(bytes: Buffer, start: number, end: number): void {
		this.#count(this.#rates.settings, 'SETTINGS');
		const change = this.#peer.apply(bytes, start, end);
		for (const {download} of this.#open.values()) {
			download.window = grow(download.window, change);
		}
		this.output.settingsAck();
		this.sending.run();
	}

	settingsAck(): void {
		// What was said at the start binds from the start: it is more than the client could count on.
	}

	ping(isAck: boolean, bytes: Buffer, start: number): void {
		this.#count(this.#rates.pings, 'PING');
		if (isAck) {
			this.#connection.pinged();
		} else {
			this.output.ping(true, bytes, start);
		}
	}

	goaway(): void {
		this.#connection.leaving();
	}

	windowUpdate(id: number, increment: number): void {
		this.#count(this.#rates.windowUpdates, 'WINDOW_UPDATE');
		if (id === 0) {
			if (increment === 0) {
				throw new ConnectionError(errorCode.protocolError, 'WINDOW_UPDATE by nothing');
			}
			this.sending.window = grow(this.sending.window, increment);
			this.sending.run();
			return;
		}
		const stream = this.#find(id, 'WINDOW_UPDATE');
		if (stream === undefined) {
			return;
		}
		if (increment === 0) {
			this.#fail(id, errorCode.protocolError);
		} else if (stream.download.window + increment > largest31) {
			this.#fail(id, errorCode.flowControlError);
		} else {
			stream.download.window += increment;
			this.sending.run();
		}
	}

	priorityUpdate(_id: number, bytes: Buffer, start: number, end: number): void {
		this.#count(this.#rates.ignored, 'PRIORITY_UPDATE');
		const {stream: id, priority} = readPriorityUpdate(bytes, start, end);
		const stream = this.#open.get(id);
		if (stream !== undefined) {
			stream.download.priority = priority;
		}
	}

	ignored(): void {
		this.#count(this.#rates.ignored, 'frames without meaning');
	}

	streamError({stream, code}: StreamError): void {
		this.#fail(stream, code);
	}

	#begin(id: number, complete: boolean, bytes: Buffer, start: number, end: number): void {
		const {snapshot} = this.context;
		const prepared = this.#well(id, () =>
			this.#requests.read(bytes, start, end, complete, snapshot()),
		);
		if (prepared === undefined) {
			return;
		}
		if (complete && (prepared.contentLength ?? 0) > 0) {
			this.#fail(id, errorCode.protocolError);
			return;
		}
		const stream = new Stream(id, prepared, complete, this.#peer.window, this);
		this.#open.set(id, stream);
		stream.start();
	}

	#trailers(stream: Stream, complete: boolean, bytes: Buffer, start: number, end: number): void {
		if (stream.isRead) {
			this.#requests.skip(bytes, start, end);
			this.#fail(stream.id, errorCode.streamClosed);
			return;
		}
		const lines = this.#well(stream.id, () => this.#requests.readTrailers(bytes, start, end));
		if (lines !== undefined && !(complete && stream.endRequest(lines))) {
			this.#fail(stream.id, errorCode.protocolError);
		}
	}

	/** @returns what is read, unless it is malformed (RFC 9113 section 8.1.1) */
	#well<T>(id: number, read: () => T): T | undefined {
		try {
			return read();
		} catch (error) {
			if (!(error instanceof Malformed || error instanceof TooLarge)) {
				throw error;
			}
			this.#fail(id, errorCode.protocolError);
			return undefined;
		}
	}

	/** @returns `undefined` for one that is closed */
	#find(id: number, what: string): Stream | undefined {
		const stream = this.#open.get(id);
		if (stream === undefined && (id > this.last || id % 2 === 0)) {
			throw new ConnectionError(errorCode.protocolError, `${what} for a stream that is not open`);
		}
		return stream;
	}

	/**
	 * Deals with a frame for a stream that is closed (RFC 9113 section 5.1).
	 *
	 * @param unknown the error for one that is not known to have been open
	 */
	#refuseClosed(id: number, unknown: ErrorCode): void {
		switch (this.#recent.get(id)) {
			case 'reset here':
				// Sent before the client has seen it.
				return;
			case 'reset by client':
				this.#fail(id, errorCode.streamClosed);
				return;
			case 'ended':
				throw new ConnectionError(errorCode.streamClosed, `stream ${id} is closed`);
			default:
				throw new ConnectionError(unknown, `stream ${id} is closed`);
		}
	}

	#fail(id: number, code: ErrorCode): void {
		if (id > this.last) {
			throw new ConnectionError(code, `a frame for stream ${id}, which is not open, is broken`);
		}
		this.#count(this.#rates.resets, 'errors');
		const stream = this.#open.get(id);
		if (stream === undefined) {
			this.output.reset(id, code);
			this.#recent.add(id, 'reset here');
		} else {
			this.resetStream(stream, code);
		}
	}

	#close(id: number, how: Closed): void {
		this.#open.delete(id);
		if (this.#receiving?.id === id) {
			this.#receiving = undefined;
		}
		this.#recent.add(id, how);
		if (this.#open.size === 0) {
			this.#connection.emptied();
		}
	}

	#count(rate: Rate, what: string): void {
		if (!rate.take(this.context.clock.now)) {
			throw new ConnectionError(errorCode.enhanceYourCalm, `too many: ${what}`);
		}
	}
}
