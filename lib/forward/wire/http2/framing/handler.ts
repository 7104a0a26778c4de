import type {StreamError} from './errors.js';

/**
 * Takes what a `FrameReader` reads. Bytes other than those of DATA are valid only during the call. It may
 * throw a ConnectionError, which ends the reading.
 */
export interface FrameHandler {
	/**
	 * A DATA frame begins.
	 *
	 * @param length of its whole payload in octets, padding included: what flow control counts
	 */
	dataBegins(stream: number, length: number, endStream: boolean): void;
	/** Part of its data, never empty, without padding, as it comes: indices into the chunk that was read. */
	data(stream: number, bytes: Buffer, start: number, end: number): void;
	/** All of it has come, padding included. */
	dataEnds(stream: number, endStream: boolean): void;
	/** A whole field block, put together from HEADERS and CONTINUATION, without padding and priority. */
	headers(stream: number, endStream: boolean, bytes: Buffer, start: number, end: number): void;
	reset(stream: number, code: number): void;
	/** What the other side asks for; what acknowledges our own is `settingsAck`. */
	settings(bytes: Buffer, start: number, end: number): void;
	settingsAck(): void;
	/** @param start of its eight octets */
	ping(isAck: boolean, bytes: Buffer, start: number): void;
	goaway(lastStream: number, code: number): void;
	/** @param increment may be 0, which is an error of the stream, or of the connection for stream 0 */
	windowUpdate(stream: number, increment: number): void;
	/**
	 * PRIORITY_UPDATE (RFC 9218 section 7.1).
	 *
	 * @param stream that it is about
	 * @param start of the payload, as `readPriorityUpdate` takes it
	 */
	priorityUpdate(stream: number, bytes: Buffer, start: number, end: number): void;
	/** The head of a frame that has no meaning here: PRIORITY, and types that nobody knows. */
	ignored(type: number, stream: number): void;
	/** A frame that is an error of its stream and of no other, and has no further effect. */
	streamError(error: StreamError): void;
}
