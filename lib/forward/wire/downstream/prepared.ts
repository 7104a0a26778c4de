import {ProxyError} from '../../../errors.js';
import type {Snapshot} from '../../seams.js';
import {headEnd} from '../codec/head-end.js';
import {at, cr, lf, Malformed, TooLarge} from '../codec/octets.js';
import {type RequestHead, readRequestHead, readRequestLine} from '../codec/request-head.js';
import {type Plan, planRequest} from '../plan.js';

/** A request head that has been read, and what is to become of it. */
export interface Prepared {
	readonly head: RequestHead;
	/** Or why nothing is. */
	readonly plan: Plan | ProxyError;
	/** By what it was planned. */
	readonly snapshot: Snapshot;
}

/** Heads up to this size are remembered, in octets: a connection that rests should not hold much. */
const largestRemembered = 4096;

/**
 * Reads the heads of one connection. The last one is remembered: where a client sends the same head
 * again, as many do, it costs a comparison.
 */
export class HeadReader {
	/** Behind the head that was read last. */
	end = 0;
	readonly #limits: {readonly headSize: number; readonly fields: number};
	readonly #address: string;
	#last: Prepared | undefined;
	/** How much of an incomplete head has been looked at. */
	#scanned = 0;
	#isLineRead = false;

	/** @param address of the client */
	constructor(limits: {readonly headSize: number; readonly fields: number}, address: string) {
		this.#limits = limits;
		this.#address = address;
	}

	/**
	 * Reads the head of a request.
	 *
	 * @param start where it begins; the bytes before are of no interest any more
	 * @returns `undefined` while it is incomplete: to be called again with the same bytes and more
	 * @throws ProxyError `request-malformed`, `head-too-large`
	 */
	read(bytes: Buffer, start: number, snapshot: Snapshot): Prepared | undefined {
		const last = this.#last;
		if (last !== undefined && last.snapshot === snapshot) {
			const {length} = last.head.bytes;
			const end = start + length;
			if (end <= bytes.length && bytes.compare(last.head.bytes, 0, length, start, end) === 0) {
				this.end = end;
				return last;
			}
		}
		try {
			return this.#read(bytes, start, snapshot);
		} catch (error) {
			throw explain(error);
		}
	}

	#read(bytes: Buffer, start: number, snapshot: Snapshot): Prepared | undefined {
		// One empty line before a request is to be passed over (RFC 9112 section 2.2).
		const blank = at(bytes, start) === cr && at(bytes, start + 1) === lf ? 2 : 0;
		const first = start + blank;
		const end = headEnd(bytes, first, Math.max(first, start + this.#scanned));
		const {headSize, fields} = this.#limits;
		if ((end < 0 ? bytes.length : end) - first > headSize) {
			throw new TooLarge(`it has more than ${headSize} octets`);
		}
		if (end < 0) {
			this.#scanned = bytes.length - start;
			this.#readLineEarly(bytes, first);
			return undefined;
		}
		this.#scanned = 0;
		this.#isLineRead = false;
		this.end = end;
		const head = readRequestHead(Buffer.from(bytes.subarray(first, end)), fields);
		const prepared = {head, plan: this.#plan(head, snapshot), snapshot};
		this.#last = end - first > largestRemembered ? undefined : prepared;
		return prepared;
	}

	/** What has no end may be no HTTP/1.1 at all, and waits for an answer. */
	#readLineEarly(bytes: Buffer, start: number): void {
		if (!this.#isLineRead && bytes.indexOf(lf, start) >= 0) {
			readRequestLine(bytes.subarray(start));
			this.#isLineRead = true;
		}
	}

	#plan(head: RequestHead, snapshot: Snapshot): Plan | ProxyError {
		try {
			return planRequest(head, snapshot, this.#address);
		} catch (error) {
			if (error instanceof ProxyError) {
				return error;
			}
			throw error;
		}
	}
}

/** What the client is told of what has been read of its request. */
export function explain(error: unknown): unknown {
	if (error instanceof Malformed) {
		const message = `the request is not HTTP/1.1: ${error.message}`;
		return new ProxyError('request-malformed', 'downstream', message, {cause: error});
	}
	if (error instanceof TooLarge) {
		const message = `the head of the request is too large: ${error.message}`;
		return new ProxyError('head-too-large', 'downstream', message, {cause: error});
	}
	return error;
}
