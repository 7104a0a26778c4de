import {ownCopy} from '../../codec/octets.js';
import {ConnectionError, errorCode} from './errors.js';
import type {FrameHead} from './frame-head.js';
import {frameType} from './frames.js';

/**
 * Most CONTINUATION frames of a block. The largest block that is taken needs a handful; those who send
 * thousands, or empty ones, want work to be done for nothing.
 */
const mostContinuations = 64;

/** Puts together a field block that came in more than one frame (RFC 9113 section 4.3). */
export class FieldBlock {
	/** Of the block that is incomplete, 0 without one. */
	stream = 0;
	/** Whether its HEADERS had END_STREAM. */
	endStream = false;
	readonly #most: number;
	#parts: Buffer[] = [];
	#size = 0;

	/** @param most octets of a block */
	constructor(most: number) {
		this.#most = most;
	}

	/**
	 * Refuses what may not come where it does: while a block is incomplete, only what continues it, and not
	 * too much of that.
	 *
	 * @throws ConnectionError
	 */
	check({type, stream, length}: FrameHead): void {
		const continues = type === frameType.continuation;
		if (this.stream === 0 ? continues : !continues || stream !== this.stream) {
			throw new ConnectionError(
				errorCode.protocolError,
				continues ? 'CONTINUATION continues nothing' : 'a frame came within a field block',
			);
		}
		if (continues) {
			this.checkSize(length);
			if (this.#parts.length > mostContinuations) {
				throw new ConnectionError(
					errorCode.enhanceYourCalm,
					`a field block has more than ${mostContinuations} CONTINUATION frames`,
				);
			}
		}
	}

	/** @throws ConnectionError */
	begin(stream: number, endStream: boolean, bytes: Buffer, start: number, end: number): void {
		this.checkSize(end - start);
		this.stream = stream;
		this.endStream = endStream;
		this.add(bytes, start, end);
	}

	/** Adds a part, whose frame has been checked. */
	add(bytes: Buffer, start: number, end: number): void {
		this.#parts.push(ownCopy(bytes, start, end));
		this.#size += end - start;
	}

	/** The whole of it; the next one may begin. */
	take(): Buffer {
		const block = Buffer.concat(this.#parts, this.#size);
		this.stream = 0;
		this.#parts = [];
		this.#size = 0;
		return block;
	}

	/** @throws ConnectionError */
	checkSize(size: number): void {
		if (this.#size + size > this.#most) {
			throw new ConnectionError(
				errorCode.enhanceYourCalm,
				`a field block has more than ${this.#most} octets`,
			);
		}
	}
}
