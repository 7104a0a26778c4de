import type {ProxyError} from '../../../errors.js';
import type {ResponseHead} from '../codec/response-head.js';

/**
 * Takes what comes back for one request. Bytes that it is given are valid only during the call. Of
 * `end`, `switched` and `fail` one is called, once, and nothing after it but `tunnelled`, `closed` and
 * `drained`.
 */
export interface ResponseSink {
	/** An informational response (RFC 9110 section 15.2). */
	inform(head: ResponseHead): void;
	/**
	 * The response's head, and what has come of its body with it: in its chunks, where it came so and the
	 * request does not ask for them to be taken off.
	 *
	 * @param framing of the body; 0 without a content-length where the backend speaks HTTP/2, and has said by
	 * the head that no body follows
	 * @param isOpen whether trailers may follow a body of whatever length, even of none; default false
	 * @returns whether to go on; if not, until `resume` of the request
	 * @throws ProxyError for one that the client cannot be given; `fail` is called with it
	 */
	respond(
		head: ResponseHead,
		framing: number | 'chunked' | 'close',
		bytes: Buffer | undefined,
		isOpen?: boolean,
	): boolean;
	/** More of the body. */
	body(bytes: Buffer): boolean;
	/**
	 * The response is complete.
	 *
	 * @param tail what is still to be written behind the body; where its chunks are taken off, the trailer
	 * section, if there is one: field lines and an empty line
	 */
	end(tail: Buffer | undefined): void;
	/** The backend has switched protocols (101): from now on, bytes are passed both ways. */
	switched(head: ResponseHead): void;
	/** Bytes from the backend after that. */
	tunnelled(bytes: Buffer): boolean;
	/** The backend has ended its side of the tunnel, or its connection is gone, properly or not. */
	closed(how: 'ended' | 'gone' | 'broken'): void;
	/** More of the request can be written again. */
	drained(): void;
	/** There is no response, or not all of it. */
	fail(error: ProxyError): void;
}
