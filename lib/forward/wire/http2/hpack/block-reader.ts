import {at, latin1} from '../../codec/octets.js';
import {oddities} from '../field.js';
import {ConnectionError, errorCode} from '../framing/errors.js';
import {largest31} from '../framing/frames.js';
import {decodeHuffman} from './huffman-decoder.js';

/** Most octets behind the prefix: as many as an integer of 31 bits needs. */
const mostContinued = 5;

/** What Huffman-coded strings are decoded into; it grows with the longest. */
let scratch = Buffer.allocUnsafeSlow(4096);

const nothing: Buffer = Buffer.alloc(0);

/** Reads what a field block is made of: integers and strings, one after the other. */
export class BlockReader {
	/** Where to read next. */
	index = 0;
	/** How octets of the string that was read last are odd. */
	oddities = 0;
	#bytes = nothing;
	#end = 0;

	/** Begins a block. */
	open(bytes: Buffer, start: number, end: number): void {
		this.#bytes = bytes;
		this.index = start;
		this.#end = end;
	}

	/** Holds the block no longer. */
	close(): void {
		this.#bytes = nothing;
	}

	/** Whether a change of the table's size comes next. */
	get startsResize(): boolean {
		return this.index < this.#end && (at(this.#bytes, this.index) & 0xe0) === 0x20;
	}

	/**
	 * Reads an integer (RFC 7541 section 5.1).
	 *
	 * @param prefix the bits of the first octet that belong to it, all ones
	 * @throws ConnectionError (compressionError) when it is not complete, over 2^31 - 1, or written with
	 * more octets than such a number needs
	 */
	integer(prefix: number): number {
		if (this.index >= this.#end) {
			throw broken('a field block ends within a field');
		}
		const first = at(this.#bytes, this.index++) & prefix;
		return first < prefix ? first : this.#continued(prefix);
	}

	#continued(prefix: number): number {
		let value = prefix;
		let factor = 1;
		const last = Math.min(this.index + mostContinued, this.#end);
		while (this.index < last) {
			const octet = at(this.#bytes, this.index++);
			value += (octet & 0x7f) * factor;
			factor *= 128;
			if (octet < 0x80 && value <= largest31) {
				return value;
			}
		}
		throw broken('an integer in a field block is not complete or too large');
	}

	/**
	 * Reads a string (RFC 7541 section 5.2), and sets `oddities`.
	 *
	 * @throws ConnectionError (compressionError)
	 */
	text(): string {
		const isCoded = at(this.#bytes, this.index) >= 0x80;
		const length = this.textLength();
		if (isCoded) {
			return latin1(scratch, 0, length);
		}
		const start = this.index - length;
		let seen = 0;
		for (let index = start; index < this.index; index++) {
			seen |= at(oddities, at(this.#bytes, index));
		}
		this.oddities = seen;
		return latin1(this.#bytes, start, this.index);
	}

	/**
	 * Reads a string and forgets it.
	 *
	 * @returns how many octets it has, decoded
	 * @throws ConnectionError (compressionError)
	 */
	textLength(): number {
		const isCoded = at(this.#bytes, this.index) >= 0x80;
		const length = this.integer(0x7f);
		const start = this.index;
		this.index += length;
		if (this.index > this.#end) {
			throw broken('a string in a field block is not complete');
		}
		return isCoded ? this.#decode(start) : length;
	}

	#decode(start: number): number {
		const most = (this.index - start) * 2;
		if (scratch.length < most) {
			scratch = Buffer.allocUnsafeSlow(most);
		}
		const decoded = decodeHuffman(this.#bytes, start, this.index, scratch);
		if (decoded < 0) {
			throw broken('a string in a field block is not Huffman-coded as it should be');
		}
		this.oddities = decoded & 3;
		return decoded >> 2;
	}
}

/** A block that cannot be decoded ends the connection: the tables of both sides differ from here on. */
export function broken(message: string): ConnectionError {
	return new ConnectionError(errorCode.compressionError, message);
}
