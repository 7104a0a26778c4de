import type {BodyReader} from './body.js';
import {ChunkedBody, type PassTrailers} from './chunked.js';

/**
 * Follows a chunked body and takes the chunks off in place: what may be passed on is moved to where the
 * bytes began, over what is not data. `tail` is the trailer section, if there is one.
 */
export class PlainBody implements BodyReader {
	passed = 0;
	readonly #body: ChunkedBody;

	constructor(passTrailers: PassTrailers) {
		this.#body = new ChunkedBody(passTrailers);
	}

	get done(): boolean {
		return this.#body.done;
	}

	get tail(): Buffer | undefined {
		const {tail} = this.#body;
		return tail !== undefined && tail.length > emptyLine ? tail : undefined;
	}

	/** The bytes are changed. @throws Malformed, TooLarge */
	read(bytes: Buffer, start: number, end: number): number {
		let at = start;
		const stop = this.#body.read(bytes, start, end, (from, to) => {
			bytes.copyWithin(at, from, to);
			at += to - from;
		});
		this.passed = at;
		return stop;
	}
}

/** Octets of CR LF. */
const emptyLine = 2;
