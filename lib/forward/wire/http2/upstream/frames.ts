import {Malformed} from '../../codec/octets.js';
import {ConnectionError, errorCode, type StreamError} from '../framing/errors.js';
import {largest31} from '../framing/frames.js';
import type {FrameHandler} from '../framing/handler.js';
import type {Output} from '../output/output.js';
import type {Sending} from '../output/sending.js';
import type {BackendConnection} from './connection.js';
import {FieldBlocks} from './field-blocks.js';
import {widened} from './peer-settings.js';
import type {PassengerStream} from './streams.js';

/**
 * Octets that a backend may send on the whole connection before it is told that they have come. They are
 * handed over at once, so that no stream can hold up another, and it is the streams' windows that bound what is
 * held.
 */
export const connectionWindow = 16 * 1024 * 1024;

/** Does what the frames of a backend say. */
export class Frames implements FrameHandler {
	readonly #connection: BackendConnection;
	readonly #output: Output;
	readonly #sending: Sending;
	readonly #blocks = new FieldBlocks();
	/** The stream of the DATA frame that is being read; none when that is for nobody. */
	#stream: PassengerStream | undefined;
	/** Octets that have come, and that the backend has not been told of. */
	#uncredited = 0;

	constructor(connection: BackendConnection, output: Output, sending: Sending) {
		this.#connection = connection;
		this.#output = output;
		this.#sending = sending;
	}

	dataBegins(id: number, length: number): void {
		this.#uncredited += length;
		if (this.#uncredited * 2 >= connectionWindow) {
			this.#output.windowUpdate(0, this.#uncredited);
			this.#uncredited = 0;
		}
		const stream = this.#connection.streams.find(id);
		this.#stream = stream;
		if (stream === undefined) {
			return;
		}
		if (stream.isRead) {
			this.#fault(stream, 'a body goes on behind its end', errorCode.streamClosed);
		} else if (!stream.received.accept(length)) {
			this.#fault(stream, 'it has more octets than were allowed', errorCode.flowControlError);
		}
	}

	data(_id: number, bytes: Buffer, start: number, end: number): void {
		this.#try(this.#stream, stream => stream.readData(bytes.subarray(start, end)));
	}

	dataEnds(_id: number, endStream: boolean): void {
		this.#try(this.#stream, stream => stream.dataEnds(endStream));
		this.#stream = undefined;
	}

	headers(id: number, endStream: boolean, bytes: Buffer, start: number, end: number): void {
		const stream = this.#connection.streams.find(id);
		if (stream === undefined) {
			this.#blocks.skip(bytes, start, end);
		} else if (stream.isRead) {
			this.#blocks.skip(bytes, start, end);
			this.#fault(stream, 'fields come behind its end', errorCode.streamClosed);
		} else if (!stream.hasHead) {
			this.#try(stream, () => stream.readHead(this.#blocks.head(bytes, start, end), endStream));
		} else {
			this.#try(stream, () => {
				const tail = this.#blocks.trailers(bytes, start, end);
				if (!endStream) {
					throw new Malformed('it has fields in the middle of its body');
				}
				stream.end(tail);
			});
		}
	}

	reset(id: number, code: number): void {
		const stream = this.#connection.streams.find(id);
		if (stream !== undefined) {
			this.#connection.streams.wasReset(stream, code);
		}
	}

	settings(bytes: Buffer, start: number, end: number): void {
		const {settings, streams} = this.#connection;
		streams.widen(settings.read(bytes, start, end));
		this.#output.settingsAck();
		this.#sending.run();
		this.#connection.changed();
	}

	settingsAck(): void {
		// The windows are only ever made larger by what it acknowledges.
	}

	ping(isAck: boolean, bytes: Buffer, start: number): void {
		if (!isAck) {
			this.#output.ping(true, bytes, start);
		}
	}

	goaway(lastStream: number, code: number): void {
		this.#connection.goaway(lastStream, code);
	}

	windowUpdate(id: number, increment: number): void {
		if (id === 0) {
			if (increment === 0) {
				throw new ConnectionError(errorCode.protocolError, 'a window grows by nothing');
			}
			this.#sending.window = widened(this.#sending.window, increment);
			this.#sending.run();
			return;
		}
		const stream = this.#connection.streams.find(id);
		if (stream === undefined) {
			return;
		}
		if (increment === 0) {
			this.#fault(stream, 'its window grows by nothing', errorCode.protocolError);
		} else if (stream.body.window + increment > largest31) {
			this.#fault(stream, 'its window grows beyond all bounds', errorCode.flowControlError);
		} else {
			stream.body.window += increment;
			this.#sending.run();
		}
	}

	priorityUpdate(): void {
		// The reader lets none through that comes from a server.
	}

	ignored(): void {
		// It has no meaning.
	}

	streamError(error: StreamError): void {
		const stream = this.#connection.streams.find(error.stream);
		if (stream !== undefined) {
			this.#fault(stream, error.message, error.code);
		}
	}

	/** Lets a stream take something; what is wrong with it ends no other. */
	#try(stream: PassengerStream | undefined, act: (stream: PassengerStream) => void): void {
		// The client may have left while an earlier part was handed over.
		if (stream === undefined || !this.#connection.streams.has(stream)) {
			return;
		}
		try {
			act(stream);
		} catch (error) {
			this.#connection.streams.fault(stream, error, errorCode.protocolError);
		}
	}

	#fault(stream: PassengerStream, message: string, code: StreamError['code']): void {
		this.#stream = undefined;
		this.#connection.streams.fault(stream, new Malformed(message), code);
	}
}
