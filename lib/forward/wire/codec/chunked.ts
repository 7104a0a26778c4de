import type {BodyReader} from './body.js';
import {Extension, endsExtension, readExtension} from './chunk-extension.js';
import {type Field, readFields} from './fields.js';
import {headEnd} from './head-end.js';
import {at, cr, hexDigit, lf, Malformed, semicolon, TooLarge} from './octets.js';

const crlf = Buffer.from('\r\n');

/** Longest extension of a chunk, in octets: nobody uses them, and every recipient has to skip them. */
const longestExtension = 1024;

/** Largest trailer section, in octets, and most fields in it. */
const largestTrailers = 16 * 1024;
const mostTrailers = 100;

enum Expecting {
	Size,
	Digits,
	Extension,
	SizeLf,
	Data,
	DataCr,
	DataLf,
	Trailers,
}

/** Makes of a trailer section what is to be passed on of it: field lines, without the empty line. */
export type PassTrailers = (bytes: Buffer, fields: readonly Field[]) => string;

/** Follows a chunked body (RFC 9112 section 7.1) through the bytes that carry it. */
export class ChunkedBody implements BodyReader {
	done = false;
	passed = 0;
	tail: Buffer | undefined;
	readonly #passTrailers: PassTrailers;
	#expecting = Expecting.Size;
	/** Octets of data left in this chunk, or its size so far. */
	#size = 0;
	#digits = 0;
	/** Octets of its extensions so far, and where among them one is. */
	#extension = 0;
	#within = Extension.NameStart;
	#trailers: Buffer | undefined;

	constructor(passTrailers: PassTrailers) {
		this.#passTrailers = passTrailers;
	}

	/**
	 * @param data called with the places of the data among the bytes
	 * @throws Malformed, TooLarge
	 */
	read(
		bytes: Buffer,
		start: number,
		end: number,
		data?: (from: number, to: number) => void,
	): number {
		let index = start;
		while (index < end) {
			if (this.#expecting === Expecting.Data) {
				const stop = Math.min(end, index + this.#size);
				data?.(index, stop);
				this.#size -= stop - index;
				index = stop;
				if (this.#size === 0) {
					this.#expecting = Expecting.DataCr;
				}
			} else if (this.#expecting === Expecting.Trailers) {
				this.passed = index;
				return this.#readTrailers(bytes, index, end);
			} else {
				this.#step(at(bytes, index++));
			}
		}
		this.passed = index;
		return index;
	}

	#step(octet: number): void {
		switch (this.#expecting) {
			case Expecting.Size:
			case Expecting.Digits:
				this.#readSize(octet);
				return;
			case Expecting.Extension:
				this.#readExtension(octet);
				return;
			case Expecting.SizeLf:
				this.#expect(octet, lf, this.#size === 0 ? Expecting.Trailers : Expecting.Data);
				return;
			case Expecting.DataCr:
				this.#expect(octet, cr, Expecting.DataLf);
				return;
			default:
				this.#expect(octet, lf, Expecting.Size);
				this.#size = 0;
				this.#digits = 0;
				this.#extension = 0;
				this.#within = Extension.NameStart;
		}
	}

	#readSize(octet: number): void {
		const digit = at(hexDigit, octet);
		if (digit < 16) {
			this.#size = this.#size * 16 + digit;
			if (++this.#digits > 16 || this.#size > Number.MAX_SAFE_INTEGER) {
				throw new Malformed('the size of a chunk is too large');
			}
			this.#expecting = Expecting.Digits;
		} else if (this.#expecting === Expecting.Size || (octet !== cr && octet !== semicolon)) {
			throw new Malformed('the size of a chunk is not a hexadecimal number');
		} else {
			this.#expecting = octet === cr ? Expecting.SizeLf : Expecting.Extension;
		}
	}

	#readExtension(octet: number): void {
		if (octet === cr && endsExtension(this.#within)) {
			this.#expecting = Expecting.SizeLf;
			return;
		}
		this.#within = readExtension(this.#within, octet);
		if (++this.#extension > longestExtension) {
			throw new Malformed(`a chunk extension has more than ${longestExtension} octets`);
		}
	}

	#expect(octet: number, wanted: number, next: Expecting): void {
		if (octet !== wanted) {
			throw new Malformed('a chunk does not end with CR LF where its size says');
		}
		this.#expecting = next;
	}

	#readTrailers(bytes: Buffer, start: number, end: number): number {
		if (this.#trailers === undefined && at(bytes, start) === cr && start + 1 < end) {
			this.#expect(at(bytes, start + 1), lf, Expecting.Trailers);
			this.done = true;
			this.passed = start + 2;
			return start + 2;
		}
		// Held from the line break before it, so that an empty section ends as any other: CR LF CR LF.
		const before = this.#trailers ?? crlf;
		const held = Buffer.concat([before, bytes.subarray(start, end)]);
		const stop = headEnd(held, 0, before.length);
		if (stop > largestTrailers || (stop < 0 && held.length > largestTrailers)) {
			throw new TooLarge('its trailers are too large');
		}
		if (stop < 0) {
			this.#trailers = held;
			return end;
		}
		const fields = readFields(held, crlf.length, stop, mostTrailers);
		this.tail = Buffer.from(`${this.#passTrailers(held, fields)}\r\n`, 'latin1');
		this.done = true;
		return start + stop - before.length;
	}
}
