import {at} from '../../codec/octets.js';
import {ConnectionError, errorCode, StreamError} from './errors.js';
import {checkFrameHead} from './frame-head.js';
import {flag, frameHeadSize, frameType, preface} from './frames.js';
import type {FrameHandler} from './handler.js';
import {readUint31} from './integers.js';
import {WholeFrames} from './whole-frames.js';

export type {FrameHandler};

enum Expecting {
	Preface,
	Head,
	/** Of a frame that is handed over as a whole. */
	Payload,
	PadLength,
	Data,
	/** Padding of DATA. */
	Padding,
	/** The payload of a frame without meaning. */
	Ignored,
}

/** Reads the frames of one direction of a connection (RFC 9113 sections 3.4, 4 and 6), in place. */
export class FrameReader {
	readonly #handler: FrameHandler;
	readonly #isServer: boolean;
	readonly #whole: WholeFrames;
	#expecting: Expecting;
	#isFirst = true;
	/** Of the frame that is being read. */
	#type = 0;
	#flags = 0;
	#stream = 0;
	/** A head or a payload that has come in part, and how much of it, or of the preface, there is. */
	#held: Buffer | undefined;
	#filled = 0;
	/** Octets to come of what is not held. */
	#left = 0;
	#padding = 0;

	/**
	 * @param isServer whether the client's preface comes first
	 * @param mostBlock largest field block in octets, as it came
	 */
	constructor(
		handler: FrameHandler,
		{isServer, mostBlock}: {readonly isServer: boolean; readonly mostBlock: number},
	) {
		this.#handler = handler;
		this.#isServer = isServer;
		this.#whole = new WholeFrames(handler, mostBlock);
		this.#expecting = isServer ? Expecting.Preface : Expecting.Head;
	}

	/** Whether a frame other than DATA, or a field block, or the preface, has come in part. */
	get incomplete(): boolean {
		return (
			this.#filled > 0 ||
			this.#whole.block.stream !== 0 ||
			this.#expecting === Expecting.Payload ||
			this.#expecting === Expecting.Ignored
		);
	}

	/**
	 * Reads what has come. A frame that lies whole in the chunk is handed over as indices into it, and DATA as
	 * it comes; what is incomplete of another is kept, and what has no meaning is passed over.
	 *
	 * @throws ConnectionError, and what the handler throws; nothing can be read after that
	 */
	read(chunk: Buffer): void {
		const end = chunk.length;
		let index = 0;
		while (index < end) {
			switch (this.#expecting) {
				case Expecting.Head:
					index = this.#readHead(chunk, index, end);
					break;
				case Expecting.Data:
				case Expecting.Padding:
				case Expecting.Ignored:
					index = this.#pass(chunk, index, end);
					break;
				case Expecting.PadLength:
					this.#beginPadded(at(chunk, index++));
					break;
				case Expecting.Payload:
					index = this.#readPayload(chunk, index, end);
					break;
				default:
					index = this.#readPreface(chunk, index, end);
			}
		}
	}

	#readPreface(chunk: Buffer, start: number, end: number): number {
		let index = start;
		while (index < end && this.#filled < preface.length) {
			if (at(chunk, index++) !== at(preface, this.#filled++)) {
				throw new ConnectionError(errorCode.protocolError, 'it does not begin as HTTP/2 does');
			}
		}
		if (this.#filled === preface.length) {
			this.#filled = 0;
			this.#expecting = Expecting.Head;
		}
		return index;
	}

	#readHead(chunk: Buffer, start: number, end: number): number {
		if (this.#filled === 0 && end - start >= frameHeadSize) {
			const length = this.#begin(chunk, start);
			return this.#beginPayload(length, chunk, start + frameHeadSize, end);
		}
		this.#held ??= Buffer.allocUnsafeSlow(frameHeadSize);
		const index = this.#fill(this.#held, chunk, start, end);
		if (this.#filled < frameHeadSize) {
			return index;
		}
		const length = this.#begin(this.#held, 0);
		this.#held = undefined;
		this.#filled = 0;
		return this.#beginPayload(length, chunk, index, end);
	}

	/** @returns length of its payload */
	#begin(bytes: Buffer, start: number): number {
		const length = (at(bytes, start) << 16) | (at(bytes, start + 1) << 8) | at(bytes, start + 2);
		const type = at(bytes, start + 3);
		const flags = at(bytes, start + 4);
		const stream = readUint31(bytes, start + 5);
		if (this.#isFirst) {
			this.#isFirst = false;
			if (type !== frameType.settings || (flags & flag.ack) !== 0) {
				throw new ConnectionError(errorCode.protocolError, 'its first frame is not SETTINGS');
			}
		}
		this.#whole.block.checkOrder(type, stream);
		checkFrameHead(type, flags, stream, length);
		if (type === frameType.priorityUpdate && !this.#isServer) {
			throw new ConnectionError(errorCode.protocolError, 'PRIORITY_UPDATE came from a server');
		}
		this.#type = type;
		this.#flags = flags;
		this.#stream = stream;
		return length;
	}

	/** @returns up to where the chunk has been read */
	#beginPayload(length: number, chunk: Buffer, start: number, end: number): number {
		if (this.#type === frameType.data) {
			this.#beginData(length);
			return start;
		}
		if (isIgnored(this.#type)) {
			this.#ignore(length);
			return start;
		}
		const stop = start + length;
		if (stop <= end) {
			this.#whole.handOver(this.#type, this.#flags, this.#stream, chunk, start, stop);
			return stop;
		}
		this.#held = Buffer.allocUnsafeSlow(length);
		this.#expecting = Expecting.Payload;
		return start;
	}

	#readPayload(chunk: Buffer, start: number, end: number): number {
		const held = this.#held ?? chunk;
		const index = this.#fill(held, chunk, start, end);
		if (this.#filled === held.length) {
			this.#held = undefined;
			this.#filled = 0;
			this.#expecting = Expecting.Head;
			this.#whole.handOver(this.#type, this.#flags, this.#stream, held, 0, held.length);
		}
		return index;
	}

	#fill(held: Buffer, chunk: Buffer, start: number, end: number): number {
		const copied = chunk.copy(held, this.#filled, start, end);
		this.#filled += copied;
		return start + copied;
	}

	#beginData(length: number): void {
		const isPadded = (this.#flags & flag.padded) !== 0;
		this.#left = length;
		this.#expecting = isPadded ? Expecting.PadLength : Expecting.Data;
		this.#handler.dataBegins(this.#stream, length, (this.#flags & flag.endStream) !== 0);
		if (length === 0) {
			this.#endPart();
		}
	}

	#beginPadded(padding: number): void {
		const length = this.#left - 1;
		if (padding > length) {
			throw new ConnectionError(
				errorCode.protocolError,
				'the padding of DATA is longer than the frame',
			);
		}
		this.#padding = padding;
		this.#left = length - padding;
		this.#expecting = Expecting.Data;
		if (this.#left === 0) {
			this.#endPart();
		}
	}

	#ignore(length: number): void {
		this.#left = length;
		this.#expecting = length === 0 ? Expecting.Head : Expecting.Ignored;
		if (this.#type === frameType.priority && length !== 5) {
			this.#handler.streamError(
				new StreamError(this.#stream, errorCode.frameSizeError, 'PRIORITY has a wrong length'),
			);
		} else {
			this.#handler.ignored(this.#type, this.#stream);
		}
	}

	/** Reads what is not held. */
	#pass(chunk: Buffer, start: number, end: number): number {
		const stop = Math.min(end, start + this.#left);
		this.#left -= stop - start;
		if (this.#expecting === Expecting.Data) {
			this.#handler.data(this.#stream, chunk, start, stop);
		}
		if (this.#left === 0) {
			this.#endPart();
		}
		return stop;
	}

	/** Goes from data to padding, and from either to the next frame. */
	#endPart(): void {
		if (this.#padding > 0) {
			this.#left = this.#padding;
			this.#padding = 0;
			this.#expecting = Expecting.Padding;
			return;
		}
		const isData = this.#expecting !== Expecting.Ignored;
		this.#expecting = Expecting.Head;
		if (isData) {
			this.#handler.dataEnds(this.#stream, (this.#flags & flag.endStream) !== 0);
		}
	}
}

function isIgnored(type: number): boolean {
	return (
		type === frameType.priority ||
		(type > frameType.continuation && type !== frameType.priorityUpdate)
	);
}
