import {
	defaultFrameSize,
	flag,
	frameHeadSize,
	frameType,
	writeFrameHead,
	writeUint32,
} from '../framing/frames.js';
import {noDynamicTable} from '../hpack/encoder.js';
import type {Turn} from './turn.js';

/** Octets that wait for the end of the turn, at the most. */
const pieceSize = 32 * 1024;

/** Bodies of more octets than this are written at once: they fill TLS records by themselves. */
const smallData = 8 * 1024;

/** Lent to whoever writes in this turn, and given back by its end. */
const pieces: Buffer[] = [];

/** Where a large body is put into frames; free again as soon as they are encrypted. */
const large = Buffer.allocUnsafeSlow(320 * 1024);

const nothing = Buffer.alloc(0);

/** Where frames go: it takes bytes that are valid only during the call. */
export interface Destination {
	/** Whether so much waits that nothing more of a body is to be written. */
	readonly full: boolean;
	write(bytes: Buffer): boolean;
}

/** Puts frames together for one connection. All of a turn leaves in one write. */
export class Output {
	readonly #outlet: Destination;
	readonly #turn: Turn;
	#piece: Buffer = nothing;
	#used = 0;
	#isExpected = false;
	/** Where the flags of the DATA frame are that was written last, while it waits. */
	#lastFlags = 0;
	#lastStream = 0;

	constructor(outlet: Destination, turn: Turn) {
		this.#outlet = outlet;
		this.#turn = turn;
	}

	/** Whether the client has so much to take that nothing more of a body is to be written. */
	get full(): boolean {
		return this.#outlet.full;
	}

	/** Writes what waits. */
	readonly flush = (): void => {
		this.#isExpected = false;
		this.#write();
	};

	/**
	 * A field block: HEADERS, and CONTINUATION where it is too long for one frame.
	 *
	 * @param prefix 1 for telling the client before it that the dynamic table is not used
	 */
	headers(stream: number, block: Buffer, endStream: boolean, prefix: 0 | 1): void {
		const end = endStream ? flag.endStream : flag.none;
		const length = block.length + prefix;
		if (length <= defaultFrameSize) {
			const at = this.#frame(length, frameType.headers, end | flag.endHeaders, stream);
			if (prefix > 0) {
				noDynamicTable.copy(this.#piece, at);
			}
			block.copy(this.#piece, at + prefix);
			return;
		}
		const whole = prefix > 0 ? Buffer.concat([noDynamicTable, block]) : block;
		for (let start = 0; start < length; start += defaultFrameSize) {
			const stop = Math.min(length, start + defaultFrameSize);
			const last = stop === length ? flag.endHeaders : flag.none;
			const type = start === 0 ? frameType.headers : frameType.continuation;
			const at = this.#frame(stop - start, type, last | (start === 0 ? end : 0), stream);
			whole.copy(this.#piece, at, start, stop);
		}
	}

	/** DATA, in as many frames as it takes. The bytes are copied. */
	data(stream: number, bytes: Buffer, start: number, end: number, endStream: boolean): void {
		if (end - start > smallData) {
			this.#large(stream, bytes, start, end, endStream);
			return;
		}
		const flags = endStream ? flag.endStream : flag.none;
		const at = this.#frame(end - start, frameType.data, flags, stream);
		bytes.copy(this.#piece, at, start, end);
		this.#lastStream = stream;
		this.#lastFlags = at - frameHeadSize + 4;
	}

	/** Says that a stream ends here: on its last DATA, if that has not left yet. */
	end(stream: number): void {
		if (this.#lastStream === stream) {
			this.#piece[this.#lastFlags] = flag.endStream;
		} else {
			this.#frame(0, frameType.data, flag.endStream, stream);
		}
	}

	reset(stream: number, code: number): void {
		const at = this.#frame(4, frameType.reset, flag.none, stream);
		writeUint32(this.#piece, at, code);
	}

	windowUpdate(stream: number, increment: number): void {
		const at = this.#frame(4, frameType.windowUpdate, flag.none, stream);
		writeUint32(this.#piece, at, increment);
	}

	ping(isAck: boolean, bytes: Buffer, start: number): void {
		const at = this.#frame(8, frameType.ping, isAck ? flag.ack : flag.none, 0);
		bytes.copy(this.#piece, at, start, start + 8);
	}

	settingsAck(): void {
		this.#frame(0, frameType.settings, flag.ack, 0);
	}

	/** @param reason for whoever debugs the client: ASCII */
	goaway(lastStream: number, code: number, reason = ''): void {
		const start = this.#frame(8 + reason.length, frameType.goaway, flag.none, 0);
		const at = writeUint32(this.#piece, writeUint32(this.#piece, start, lastStream), code);
		this.#piece.write(reason, at, 'latin1');
	}

	/** A frame that is there already. */
	raw(frame: Buffer): void {
		const at = this.#room(frame.length);
		frame.copy(this.#piece, at);
	}

	/** Writes the head of a frame. @returns where its payload goes */
	#frame(length: number, type: number, flags: number, stream: number): number {
		const at = this.#room(frameHeadSize + length);
		return writeFrameHead(this.#piece, at, length, type, flags, stream);
	}

	#room(length: number): number {
		if (this.#used + length > this.#piece.length) {
			this.#write();
			this.#piece = pieces.pop() ?? Buffer.allocUnsafeSlow(pieceSize);
		}
		if (!this.#isExpected) {
			this.#isExpected = true;
			this.#turn.add(this);
		}
		const at = this.#used;
		this.#used += length;
		return at;
	}

	#write(): void {
		const piece = this.#piece;
		const used = this.#used;
		if (piece === nothing) {
			return;
		}
		this.#piece = nothing;
		this.#used = 0;
		this.#lastStream = 0;
		if (used > 0) {
			this.#outlet.write(piece.subarray(0, used));
		}
		pieces.push(piece);
	}

	/** What waits goes before it, in the same write. */
	#large(stream: number, bytes: Buffer, start: number, end: number, endStream: boolean): void {
		let at = this.#used;
		this.#piece.copy(large, 0, 0, at);
		this.#used = 0;
		this.#lastStream = 0;
		for (let from = start; from < end; from += defaultFrameSize) {
			const to = Math.min(end, from + defaultFrameSize);
			if (at + frameHeadSize + to - from > large.length) {
				this.#outlet.write(large.subarray(0, at));
				at = 0;
			}
			const flags = endStream && to === end ? flag.endStream : flag.none;
			at = writeFrameHead(large, at, to - from, frameType.data, flags, stream);
			bytes.copy(large, at, from, to);
			at += to - from;
		}
		this.#outlet.write(large.subarray(0, at));
	}
}
