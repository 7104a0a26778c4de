import {at} from '../../codec/octets.js';
import {ConnectionError, errorCode} from './errors.js';
import {FieldBlock} from './field-block.js';
import type {FrameHead} from './frame-head.js';
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
	handOver(head: FrameHead, bytes: Buffer, start: number, end: number): void {
		const {type, stream} = head;
		switch (type) {
			case frameType.headers:
				this.#headers(head, bytes, start, end);
				return;
			case frameType.continuation:
				this.#continuation(head, bytes, start, end);
				return;
			case frameType.reset:
				this.#handler.reset(stream, readUint32(bytes, start));
				return;
			case frameType.settings:
				if (head.has(flag.ack)) {
					this.#handler.settingsAck();
				} else {
					this.#handler.settings(bytes, start, end);
				}
				return;
			case frameType.ping:
				this.#handler.ping(head.has(flag.ack), bytes, start);
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

	#headers(head: FrameHead, bytes: Buffer, start: number, end: number): void {
		let from = start;
		let to = end;
		if (head.has(flag.padded)) {
			to -= at(bytes, from++);
		}
		if (head.has(flag.priority)) {
			// The tree that RFC 7540 had is not kept, so it cannot be wrong either.
			from += 5;
		}
		if (to < from) {
			throw new ConnectionError(
				errorCode.protocolError,
				'the padding of HEADERS is longer than the frame',
			);
		}
		const endStream = head.has(flag.endStream);
		if (!head.has(flag.endHeaders)) {
			this.block.begin(head.stream, endStream, bytes, from, to);
			return;
		}
		this.block.checkSize(to - from);
		this.#handler.headers(head.stream, endStream, bytes, from, to);
	}

	#continuation(head: FrameHead, bytes: Buffer, start: number, end: number): void {
		this.block.add(bytes, start, end);
		if (head.has(flag.endHeaders)) {
			const {endStream} = this.block;
			const whole = this.block.take();
			this.#handler.headers(head.stream, endStream, whole, 0, whole.length);
		}
	}
}
