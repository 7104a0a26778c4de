import {type BodyReader, bodyReader} from '../codec/body.js';
import {ChunkedBody} from '../codec/chunked.js';
import {headEnd} from '../codec/head-end.js';
import {Malformed, ownCopy, TooLarge} from '../codec/octets.js';
import {responseTrailers} from '../codec/pass-on.js';
import {type ResponseHead, readResponseHead, responseFraming} from '../codec/response-head.js';
import type {ResponseSink} from './sink.js';

/** Largest head of a response, in octets, and most fields in it. */
const largestHead = 64 * 1024;
const mostFields = 1000;

/** How many informational responses may come before the response. */
const mostInformational = 100;

/** Heads up to this size are remembered, in octets: a connection that rests should not hold much. */
const largestRemembered = 4096;

/** What is to be known of a request to read its response. */
export interface Expected {
	readonly method: string;
	/** Takes the chunks off a chunked body. */
	readonly unchunk: boolean;
}

/** Reads the responses on one connection to a backend, one at a time. */
export class ResponseReader {
	/** Whether anything of the response has come. */
	begun = false;
	/** Whether the response is complete. */
	done = true;
	/** What its sink is to be given with `end`. */
	tail: Buffer | undefined;
	/** Whether the connection can carry another request after it. */
	reusable = true;
	/** Whether the backend has switched protocols. */
	switched = false;
	#sink: ResponseSink | undefined;
	#expected: Expected = {method: '', unchunk: false};
	#body: BodyReader | undefined;
	#framing: number | 'chunked' | 'close' = 0;
	#informational = 0;
	/** Part of a head. */
	#held: Buffer | undefined;
	/** The head that came last. Most backends send the same one again and again. */
	#last: ResponseHead | undefined;

	expect(expected: Expected, sink: ResponseSink): void {
		this.#expected = expected;
		this.#sink = sink;
		this.#body = undefined;
		this.#informational = 0;
		this.begun = false;
		this.done = false;
		this.tail = undefined;
	}

	/** Has nobody told of what is still read of the response. */
	release(): void {
		this.#sink = undefined;
	}

	/**
	 * Takes what has come.
	 *
	 * @returns whether to go on reading
	 * @throws Malformed, TooLarge
	 */
	read(bytes: Buffer): boolean {
		this.begun = true;
		if (this.#body !== undefined) {
			return this.#passBody(this.#body, bytes, 0);
		}
		const all = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes]);
		let scanned = this.#held?.length ?? 0;
		this.#held = undefined;
		for (let start = 0; start < all.length; ) {
			const head = this.#headAt(all, start, scanned);
			if (head === undefined) {
				this.#held = Buffer.from(all.subarray(start));
				return true;
			}
			start += head.bytes.length;
			scanned = start;
			if (head.status >= 200 || head.status === 101) {
				return this.#begin(head, all, start);
			}
			if (++this.#informational > mostInformational) {
				throw new Malformed(`it sent more than ${mostInformational} informational responses`);
			}
			this.#sink?.inform(head);
		}
		return true;
	}

	/**
	 * The connection has ended.
	 *
	 * @returns whether that completes the response
	 */
	ended(): boolean {
		this.done ||= this.#body !== undefined && this.#framing === 'close';
		return this.done;
	}

	#headAt(bytes: Buffer, start: number, from: number): ResponseHead | undefined {
		const last = this.#last;
		if (last !== undefined && startsWith(bytes, start, last.bytes)) {
			return last;
		}
		const end = headEnd(bytes, start, from);
		if ((end < 0 ? bytes.length : end) - start > largestHead) {
			throw new TooLarge(`its head has more than ${largestHead} octets`);
		}
		if (end < 0) {
			return undefined;
		}
		const head = readResponseHead(ownCopy(bytes, start, end), mostFields);
		this.#last = head.bytes.length > largestRemembered ? undefined : head;
		return head;
	}

	#begin(head: ResponseHead, bytes: Buffer, start: number): boolean {
		if (head.status === 101) {
			this.switched = true;
			this.done = true;
			this.reusable = false;
			this.#sink?.switched(head);
			return start === bytes.length || this.#sink?.tunnelled(bytes.subarray(start)) !== false;
		}
		const framing = responseFraming(head, this.#expected.method);
		this.#framing = framing;
		this.reusable = head.persistent && framing !== 'close';
		const body = bodyReader(framing, responseTrailers);
		this.#body = body;
		if (this.#expected.unchunk && framing === 'chunked') {
			const goOn = this.#sink?.respond(head, framing, undefined) !== false;
			return this.#passBody(body, bytes, start) && goOn;
		}
		const end = start === bytes.length ? start : body.read(bytes, start, bytes.length);
		const came = start < body.passed ? bytes.subarray(start, body.passed) : undefined;
		const goOn = this.#sink?.respond(head, framing, came) !== false;
		this.#settle(body, end < bytes.length);
		return goOn;
	}

	#passBody(body: BodyReader, bytes: Buffer, start: number): boolean {
		let goOn = true;
		let end: number;
		if (this.#expected.unchunk && body instanceof ChunkedBody) {
			end = body.read(bytes, start, bytes.length, (from, to) => {
				goOn = this.#sink?.body(bytes.subarray(from, to)) !== false && goOn;
			});
		} else {
			end = body.read(bytes, start, bytes.length);
			if (start < body.passed) {
				goOn = this.#sink?.body(bytes.subarray(start, body.passed)) !== false;
			}
		}
		this.#settle(body, end < bytes.length);
		return goOn;
	}

	/** @param surplus whether there were more bytes than the response has */
	#settle(body: BodyReader, surplus: boolean): void {
		if (body.done) {
			this.done = true;
			this.tail = this.#expected.unchunk ? trailersOnly(body.tail) : body.tail;
		}
		this.reusable &&= !surplus;
	}
}

function startsWith(bytes: Buffer, start: number, head: Buffer): boolean {
	const end = start + head.length;
	return end <= bytes.length && bytes.compare(head, 0, head.length, start, end) === 0;
}

/** Of a tail that is an empty line and nothing before it, nothing. */
function trailersOnly(tail: Buffer | undefined): Buffer | undefined {
	return tail !== undefined && tail.length > 2 ? tail : undefined;
}
