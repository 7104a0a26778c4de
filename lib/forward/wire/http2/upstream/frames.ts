import {Malformed} from '../../codec/octets.js';
import {ConnectionError, errorCode, type StreamError} from '../framing/errors.js';
import {largest31} from '../framing/frames.js';
import type {FrameHandler} from '../framing/handler.js';
import {type BackendConnection, connectionWindow} from './connection.js';
import {FieldBlocks} from './field-blocks.js';
import {widened} from './peer-settings.js';
import type {BackendStream} from './stream.js';

/** Does what the frames of a backend say. */
export class Frames implements FrameHandler {
	readonly #connection: BackendConnection;
	readonly #blocks = new FieldBlocks();
	/** The stream of the DATA frame that is being read; none when that is for nobody. */
	#stream: BackendStream | undefined;
	/** Octets that have come, and that the backend has not been told of. */
	#uncredited = 0;

	constructor(connection: BackendConnection) {
		this.#connection = connection;
	}

	dataBegins(id: number, length: number): void {
		this.#uncredited += length;
		if (this.#uncredited * 2 >= connectionWindow) {
			this.#connection.output.windowUpdate(0, this.#uncredited);
			this.#uncredited = 0;
		}
		const stream = this.#find(id);
		this.#stream = stream;
		if (stream === undefined) {
			return;
		}
		if (stream.isRead) {
			this.#fault(stream, 'a body goes on behind its end', errorCode.streamClosed);
		} else if (!stream.accept(length)) {
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
		const stream = this.#find(id);
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
		const stream = this.#find(id);
		if (stream !== undefined) {
			this.#connection.wasReset(stream, code);
		}
	}

	settings(bytes: Buffer, start: number, end: number): void {
		const {settings, streams, output, sending} = this.#connection;
		const growth = settings.read(bytes, start, end);
		for (const stream of streams.values()) {
			stream.window = widened(stream.window, growth);
		}
		output.settingsAck();
		sending.run();
		this.#connection.changed();
	}

	settingsAck(): void {
		// The windows are only ever made larger by what it acknowledges.
	}

	ping(isAck: boolean, bytes: Buffer, start: number): void {
		if (!isAck) {
			this.#connection.output.ping(true, bytes, start);
		}
	}

	goaway(lastStream: number, code: number): void {
		this.#connection.goaway(lastStream, code);
	}

	windowUpdate(id: number, increment: number): void {
		const {sending} = this.#connection;
		if (id === 0) {
			if (increment === 0) {
				throw new ConnectionError(errorCode.protocolError, 'a window grows by nothing');
			}
			sending.window = widened(sending.window, increment);
			sending.run();
			return;
		}
		const stream = this.#find(id);
		if (stream === undefined) {
			return;
		}
		if (increment === 0) {
			this.#fault(stream, 'its window grows by nothing', errorCode.protocolError);
		} else if (stream.window + increment > largest31) {
			this.#fault(stream, 'its window grows beyond all bounds', errorCode.flowControlError);
		} else {
			stream.window += increment;
			sending.run();
		}
	}

	priorityUpdate(): void {
		// The reader lets none through that comes from a server.
	}

	ignored(): void {
		// It has no meaning.
	}

	streamError(error: StreamError): void {
		const stream = this.#find(error.stream);
		if (stream !== undefined) {
			this.#fault(stream, error.message, error.code);
		}
	}

	/**
	 * @returns `undefined` for a stream that is over
	 * @throws ConnectionError for one that has never been
	 */
	#find(id: number): BackendStream | undefined {
		const {streams, lastStream} = this.#connection;
		const stream = streams.get(id);
		if (stream === undefined && (id > lastStream || id % 2 === 0)) {
			const message = `a frame is for stream ${id}, which nobody has opened`;
			throw new ConnectionError(errorCode.protocolError, message);
		}
		return stream;
	}

	/** Lets a stream take something; what is wrong with it ends no other. */
	#try(stream: BackendStream | undefined, act: (stream: BackendStream) => void): void {
		// The client may have left while an earlier part was handed over.
		if (stream === undefined || this.#connection.streams.get(stream.id) !== stream) {
			return;
		}
		try {
			act(stream);
		} catch (error) {
			this.#connection.streamFault(stream, error, errorCode.protocolError);
		}
	}

	#fault(stream: BackendStream, message: string, code: StreamError['code']): void {
		this.#stream = undefined;
		this.#connection.streamFault(stream, new Malformed(message), code);
	}
}
