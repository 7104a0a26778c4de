import {ProxyError} from '../../../../errors.js';
import type {Client} from '../../../seams.js';
import {Malformed, TooLarge} from '../../codec/octets.js';
import type {WireContext} from '../../context.js';
import {ConnectionError, type ErrorCode, errorCode, type StreamError} from '../framing/errors.js';
import {largest31} from '../framing/frames.js';
import type {FrameHandler} from '../framing/handler.js';
import {readPriorityUpdate} from '../priority.js';
import type {Rate, Rates} from '../rates.js';
import {connectionWindow, grow} from './peer.js';
import {RequestReader} from './request-reader.js';
import type {Stream} from './stream.js';
import type {Streams} from './streams.js';

/** What of a client's frames is about its connection. */
export interface Listening {
	/** What was sent with PING has come back. */
	pinged(): void;
	/** The client will open no further streams. */
	leaving(): void;
	/** To be let in, the client has to connect again: with a certificate. */
	drain(): void;
}

/** Does what the frames of a client say. */
export class Frames implements FrameHandler {
	readonly #context: WireContext;
	readonly #streams: Streams;
	readonly #connection: Listening;
	readonly #requests: RequestReader;
	readonly #rates: Rates;
	/** Octets that the client may still send, and those of them that it has not been told of. */
	#window = connectionWindow;
	#uncredited = 0;
	/** Of the DATA frame that is being read: its stream, unless it is for nobody. */
	#receiving: Stream | undefined;
	/** Whether it has neither brought data nor ended its stream. */
	#isEmpty = false;

	constructor(
		context: WireContext,
		streams: Streams,
		rates: Rates,
		client: Client,
		connection: Listening,
	) {
		this.#context = context;
		this.#streams = streams;
		this.#connection = connection;
		this.#rates = rates;
		this.#requests = new RequestReader(context.limits, client);
	}

	dataBegins(id: number, length: number, endStream: boolean): void {
		this.#allow(length);
		this.#isEmpty = !endStream;
		const stream = this.#streams.find(id, 'DATA');
		this.#receiving = stream;
		if (stream === undefined) {
			this.#streams.refuseClosed(id, errorCode.streamClosed);
		} else if (stream.isRead) {
			this.#fail(id, errorCode.streamClosed);
		} else if (!stream.accept(length)) {
			this.#fail(id, errorCode.flowControlError);
		}
	}

	data(id: number, bytes: Buffer, start: number, end: number): void {
		this.#isEmpty = false;
		const stream = this.#receiving;
		if (
			stream !== undefined &&
			this.#streams.isOpen(stream) &&
			!stream.receive(bytes, start, end)
		) {
			this.#fail(id, errorCode.protocolError);
		}
	}

	dataEnds(id: number, endStream: boolean): void {
		if (this.#isEmpty) {
			this.#count(this.#rates.emptyData, 'empty DATA');
		}
		const stream = this.#receiving;
		this.#receiving = undefined;
		if (stream === undefined || !this.#streams.isOpen(stream)) {
			return;
		}
		stream.settle();
		if (endStream && !stream.endRequest('')) {
			this.#fail(id, errorCode.protocolError);
		}
	}

	headers(id: number, endStream: boolean, bytes: Buffer, start: number, end: number): void {
		const stream = this.#streams.get(id);
		if (stream !== undefined) {
			this.#trailers(stream, endStream, bytes, start, end);
			return;
		}
		const isNew = this.#streams.isNew(id);
		if (isNew && this.#streams.admit(id)) {
			this.#begin(id, endStream, bytes, start, end);
			return;
		}
		this.#requests.skip(bytes, start, end);
		if (isNew) {
			this.#streams.turnAway(id);
		} else {
			this.#streams.refuseClosed(id, errorCode.protocolError);
		}
	}

	reset(id: number): void {
		const stream = this.#streams.find(id, 'RST_STREAM');
		if (stream === undefined) {
			// Some libraries reset a stream that they have cancelled once more for each DATA frame that was on
			// its way to them.
			this.#count(this.#rates.ignored, 'RST_STREAM');
			return;
		}
		this.#count(this.#rates.resets, 'RST_STREAM');
		this.#streams.resetByClient(stream);
	}

	settings(bytes: Buffer, start: number, end: number): void {
		this.#count(this.#rates.settings, 'SETTINGS');
		this.#streams.widen(this.#streams.peer.apply(bytes, start, end));
		this.#streams.output.settingsAck();
		this.#streams.sending.run();
	}

	settingsAck(): void {
		// What was said at the start binds from the start: it is more than the client could count on.
	}

	ping(isAck: boolean, bytes: Buffer, start: number): void {
		this.#count(this.#rates.pings, 'PING');
		if (isAck) {
			this.#connection.pinged();
		} else {
			this.#streams.output.ping(true, bytes, start);
		}
	}

	goaway(): void {
		this.#connection.leaving();
	}

	windowUpdate(id: number, increment: number): void {
		this.#count(this.#rates.windowUpdates, 'WINDOW_UPDATE');
		const {sending} = this.#streams;
		if (id === 0) {
			if (increment === 0) {
				throw new ConnectionError(errorCode.protocolError, 'WINDOW_UPDATE by nothing');
			}
			sending.window = grow(sending.window, increment);
			sending.run();
			return;
		}
		const download = this.#streams.find(id, 'WINDOW_UPDATE')?.download;
		if (download === undefined) {
			return;
		}
		if (increment === 0) {
			this.#fail(id, errorCode.protocolError);
		} else if (download.window + increment > largest31) {
			this.#fail(id, errorCode.flowControlError);
		} else {
			download.window += increment;
			sending.run();
		}
	}

	priorityUpdate(_id: number, bytes: Buffer, start: number, end: number): void {
		this.#count(this.#rates.ignored, 'PRIORITY_UPDATE');
		const {stream: id, priority} = readPriorityUpdate(bytes, start, end);
		const stream = this.#streams.get(id);
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

	/** Takes so many octets from what the client may send, and gives them back at once: streams are what holds it up. */
	#allow(length: number): void {
		this.#window -= length;
		if (this.#window < 0) {
			throw new ConnectionError(errorCode.flowControlError, 'more has come than was asked for');
		}
		this.#uncredited += length;
		if (this.#uncredited * 2 >= connectionWindow) {
			this.#streams.output.windowUpdate(0, this.#uncredited);
			this.#window += this.#uncredited;
			this.#uncredited = 0;
		}
	}

	#begin(id: number, complete: boolean, bytes: Buffer, start: number, end: number): void {
		const {snapshot} = this.#context;
		const prepared = this.#well(id, () =>
			this.#requests.read(bytes, start, end, complete, snapshot()),
		);
		if (prepared === undefined) {
			return;
		}
		if (complete && (prepared.contentLength ?? 0) > 0) {
			this.#fail(id, errorCode.protocolError);
		} else {
			this.#streams.open(id, prepared, complete);
			if (prepared.plan instanceof ProxyError && prepared.plan.code === 'certificate-refused') {
				this.#connection.drain();
			}
		}
	}

	#trailers(stream: Stream, complete: boolean, bytes: Buffer, start: number, end: number): void {
		if (stream.isRead || stream.isConnect) {
			this.#requests.skip(bytes, start, end);
			this.#fail(stream.id, stream.isRead ? errorCode.streamClosed : errorCode.protocolError);
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

	#fail(id: number, code: ErrorCode): void {
		this.#streams.fail(id, code);
	}

	#count(rate: Rate, what: string): void {
		rate.count(this.#context.clock.now, what);
	}
}
