import {at} from '../../codec/octets.js';
import {ConnectionError, errorCode, StreamError} from './errors.js';
import {checkFrameHead, FrameHead} from './frame-head.js';
import {flag, frameHeadSize, frameType, preface} from './frames.js';
import type {FrameHandler} from './handler.js';
import {Held} from './held.js';
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
	/** How many frames have begun, those that continue a field block left out. */
	begun = 0;
	readonly #handler: FrameHandler;
	readonly #isServer: boolean;
	readonly #whole: WholeFrames;
	readonly #head = new FrameHead();
	readonly #held = new Held();
	#expecting: Expecting;
	#isFirst = true;
	/** Octets of the preface that have come. */
	#greeted = 0;
	/** Octets to come of what is not held, and of the padding behind it. */
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
			!this.#held.isEmpty ||
			this.#whole.block.stream !== 0 ||
			this.#expecting === Expecting.Ignored ||
			(this.#expecting === Expecting.Preface && this.#greeted > 0)
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
				case Expecting.PadLength:
					this.#beginPadded(at(chunk, index++));
					break;
				case Expecting.Payload:
					index = this.#readPayload(chunk, index, end);
					break;
				case Expecting.Preface:
					this.#readPreface(at(chunk, index++));
					break;
				default:
					index = this.#pass(chunk, index, end);
			}
		}
	}

	#readPreface(octet: number): void {
		if (octet !== at(preface, this.#greeted++)) {
			throw new ConnectionError(errorCode.protocolError, 'it does not begin as HTTP/2 does');
		}
		if (this.#greeted === preface.length) {
			this.#expecting = Expecting.Head;
		}
	}

	#readHead(chunk: Buffer, start: number, end: number): number {
		if (this.#held.isEmpty) {
			if (end - start >= frameHeadSize) {
				this.#head.read(chunk, start);
				return this.#begin(chunk, start + frameHeadSize, end);
			}
			this.#held.begin(frameHeadSize);
		}
		const index = this.#held.fill(chunk, start, end);
		const bytes = this.#held.take();
		if (bytes === undefined) {
			return index;
		}
		this.#head.read(bytes, 0);
		return this.#begin(chunk, index, end);
	}

	/** Begins a frame whose head is there. */
	#begin(chunk: Buffer, start: number, end: number): number {
		const head = this.#head;
		const {type, length} = head;
		if (this.#isFirst) {
			this.#isFirst = false;
			if (type !== frameType.settings || head.has(flag.ack)) {
				throw new ConnectionError(errorCode.protocolError, 'its first frame is not SETTINGS');
			}
		}
		if (type !== frameType.continuation) {
			this.begun++;
		}
		checkFrameHead(head);
		this.#whole.block.check(head);
		if (type === frameType.data) {
			this.#beginData();
			return start;
		}
		if (this.#isIgnored(type)) {
			this.#ignore();
			return start;
		}
		if (end - start >= length) {
			this.#whole.handOver(head, chunk, start, start + length);
			return start + length;
		}
		this.#held.begin(length);
		this.#expecting = Expecting.Payload;
		return start;
	}

	#isIgnored(type: number): boolean {
		if (type === frameType.priorityUpdate) {
			if (!this.#isServer) {
				throw new ConnectionError(errorCode.protocolError, 'PRIORITY_UPDATE came from a server');
			}
			return false;
		}
		return type === frameType.priority || type > frameType.continuation;
	}

	#readPayload(chunk: Buffer, start: number, end: number): number {
		const index = this.#held.fill(chunk, start, end);
		const payload = this.#held.take();
		if (payload !== undefined) {
			this.#expecting = Expecting.Head;
			this.#whole.handOver(this.#head, payload, 0, payload.length);
		}
		return index;
	}

	#beginData(): void {
		const {stream, length} = this.#head;
		this.#left = length;
		this.#expecting = this.#head.has(flag.padded) ? Expecting.PadLength : Expecting.Data;
		this.#handler.dataBegins(stream, length, this.#head.has(flag.endStream));
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

	#ignore(): void {
		const {type, stream, length} = this.#head;
		this.#left = length;
		this.#expecting = length === 0 ? Expecting.Head : Expecting.Ignored;
		if (type === frameType.priority && length !== 5) {
			this.#handler.streamError(
				new StreamError(stream, errorCode.frameSizeError, 'PRIORITY has a wrong length'),
			);
		} else {
			this.#handler.ignored(type, stream);
		}
	}

	/** Reads what is not held. */
	#pass(chunk: Buffer, start: number, end: number): number {
		const stop = Math.min(end, start + this.#left);
		this.#left -= stop - start;
		if (this.#expecting === Expecting.Data) {
			this.#handler.data(this.#head.stream, chunk, start, stop);
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
			this.#handler.dataEnds(this.#head.stream, this.#head.has(flag.endStream));
		}
	}
}
