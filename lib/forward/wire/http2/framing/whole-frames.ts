import {at} from '../../codec/octets.js';
import {ConnectionError, errorCode} from './errors.js';
import {FieldBlock} from './field-block.js';
import {flag, frameType} from './frames.js';
import type {FrameHandler} from './handler.js';
import {readUint31, readUint32} from './integers.js';

/** Hands over the frames that are read as a whole: all that mean something, but for DATA. */
export class WholeFrames {
	readonly block: FieldBlock;
	readonly #handler: FrameHandler;

	/** @param mostBlock largest field block in octets, as it came */
	constructor(handler: FrameHandler, mostBlock: number) {
		this.#handler = handler;
		this.block = new FieldBlock(mostBlock);
	}

	/**
	 * @param start of the payload; its length is right for its type
	 * @throws ConnectionError, and what the handler throws
	 */
	handOver(
		type: number,
		flags: number,
		stream: number,
		bytes: Buffer,
		start: number,
		end: number,
	): void {
		switch (type) {
			case frameType.headers:
				this.#headers(flags, stream, bytes, start, end);
				return;
			case frameType.continuation:
				this.#continuation(flags, stream, bytes, start, end);
				return;
			case frameType.reset:
				this.#handler.reset(stream, readUint32(bytes, start));
				return;
			case frameType.settings:
				if ((flags & flag.ack) !== 0) {
					this.#handler.settingsAck();
				} else {
					this.#handler.settings(bytes, start, end);
				}
				return;
			case frameType.ping:
				this.#handler.ping((flags & flag.ack) !== 0, bytes, start);
				return;
			case frameType.goaway:
				this.#handler.goaway(readUint31(bytes, start), readUint32(bytes, start + 4));
				return;
			case frameType.windowUpdate:
				this.#handler.windowUpdate(stream, readUint31(bytes, start));
				return;
			default:
				this.#handler.priorityUpdate(readUint31(bytes, start), bytes, start, end);
		}
	}

	#headers(flags: number, stream: number, bytes: Buffer, start: number, end: number): void {
		let from = start;
		let to = end;
		if ((flags & flag.padded) !== 0) {
			to -= at(bytes, from++);
		}
		if ((flags & flag.priority) !== 0) {
			// The tree that RFC 7540 had is not kept, so it cannot be wrong either.
			from += 5;
		}
		if (to < from) {
			throw new ConnectionError(
				errorCode.protocolError,
				'the padding of HEADERS is longer than the frame',
			);
		}
		const endStream = (flags & flag.endStream) !== 0;
		if ((flags & flag.endHeaders) === 0) {
			this.block.begin(stream, endStream, bytes, from, to);
			return;
		}
		this.block.checkSize(to - from);
		this.#handler.headers(stream, endStream, bytes, from, to);
	}

	#continuation(flags: number, stream: number, bytes: Buffer, start: number, end: number): void {
		this.block.continue(bytes, start, end);
		if ((flags & flag.endHeaders) !== 0) {
			const {endStream} = this.block;
			const whole = this.block.take();
			this.#handler.headers(stream, endStream, whole, 0, whole.length);
		}
	}
}
