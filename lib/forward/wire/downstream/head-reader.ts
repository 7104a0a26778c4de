import {ProxyError} from '../../../errors.js';
import type {Client, Snapshot} from '../../seams.js';
import {headEnd} from '../codec/head-end.js';
import {at, cr, lf, ownCopy, TooLarge} from '../codec/octets.js';
import {readRequestHead, readRequestLine} from '../codec/request-head.js';
import {type Prepared, prepare} from './prepared.js';

/** Heads up to this size are remembered, in octets: a connection that rests should not hold much. */
const largestRemembered = 4096;

/**
 * Reads the heads of one connection. The last one is remembered: where a client sends the same head
 * again, as many do, it costs a comparison.
 */
export class HeadReader {
	/** Behind the head that was read last. */
	end = 0;
	/** Whether something of an incomplete head has come, and not only the empty line before it. */
	begun = false;
	readonly #limits: {readonly headSize: number; readonly fields: number};
	readonly #client: Client;
	#last: Prepared | undefined;
	/** How much of an incomplete head has been looked at. */
	#scanned = 0;
	#isLineRead = false;

	constructor(limits: {readonly headSize: number; readonly fields: number}, client: Client) {
		this.#limits = limits;
		this.#client = client;
	}

	/**
	 * Reads the head of a request.
	 *
	 * @param start where it begins; the bytes before are of no interest any more
	 * @returns `undefined` while it is incomplete: to be called again with the same bytes and more
	 * @throws Malformed, TooLarge
	 */
	read(bytes: Buffer, start: number, snapshot: Snapshot): Prepared | undefined {
		const last = this.#last;
		if (last !== undefined && last.snapshot === snapshot) {
			const {length} = last.head.bytes;
			const end = start + length;
			if (end <= bytes.length && bytes.compare(last.head.bytes, 0, length, start, end) === 0) {
				this.end = end;
				this.#scanned = 0;
				this.#isLineRead = false;
				return last;
			}
		}
		// One empty line before a request is to be passed over (RFC 9112 section 2.2).
		const blank = at(bytes, start) === cr && at(bytes, start + 1) === lf ? 2 : 0;
		const first = start + blank;
		const from = Math.max(first, start + this.#scanned);
		const end = headEnd(bytes, first, from);
		const {headSize, fields} = this.#limits;
		if ((end < 0 ? bytes.length : end) - first > headSize) {
			throw new TooLarge(`it has more than ${headSize} octets`);
		}
		if (end < 0) {
			this.#scanned = bytes.length - start;
			this.begun = bytes.length > first;
			this.#readLineEarly(bytes, first, from);
			return undefined;
		}
		this.#scanned = 0;
		this.#isLineRead = false;
		this.end = end;
		const head = readRequestHead(ownCopy(bytes, first, end), fields);
		const prepared = prepare(head, snapshot, this.#client);
		// What is refused may be let in the next time.
		const isKept = end - first <= largestRemembered && !(prepared.plan instanceof ProxyError);
		this.#last = isKept ? prepared : undefined;
		return prepared;
	}

	/** What has no end may be no HTTP/1.1 at all, and waits for an answer. */
	#readLineEarly(bytes: Buffer, start: number, from: number): void {
		if (!this.#isLineRead && bytes.indexOf(lf, from) >= 0) {
			readRequestLine(bytes.subarray(start));
			this.#isLineRead = true;
		}
	}
}
