import {ChunkedBody, type PassTrailers} from './chunked.js';

/** Follows one body through the bytes that carry it, without keeping any of it. */
export interface BodyReader {
	/** Whether the last of it has been read. */
	readonly done: boolean;
	/** Behind what may be passed on as it is of the bytes read last: the rest of them is held back. */
	readonly passed: number;
	/** What has been held back, as it is to be written behind all else once the body is done. */
	readonly tail: Buffer | undefined;
	/**
	 * Reads on.
	 *
	 * @returns the index behind what belongs to the body
	 */
	read(bytes: Buffer, start: number, end: number): number;
}

/** A body of a known number of octets. */
class LengthBody implements BodyReader {
	passed = 0;
	readonly tail = undefined;
	#left: number;

	constructor(length: number) {
		this.#left = length;
	}

	get done(): boolean {
		return this.#left === 0;
	}

	read(_bytes: Buffer, start: number, end: number): number {
		this.passed = Math.min(end, start + this.#left);
		this.#left -= this.passed - start;
		return this.passed;
	}
}

/** A body that ends with its connection. */
class EndlessBody implements BodyReader {
	readonly done = false;
	passed = 0;
	readonly tail = undefined;

	read(_bytes: Buffer, _start: number, end: number): number {
		this.passed = end;
		return end;
	}
}

/** Makes the reader for a body, by its framing. */
export function bodyReader(
	framing: number | 'chunked' | 'close',
	passTrailers: PassTrailers,
): BodyReader {
	switch (framing) {
		case 'chunked':
			return new ChunkedBody(passTrailers);
		case 'close':
			return new EndlessBody();
		default:
			return new LengthBody(framing);
	}
}
