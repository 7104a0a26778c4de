import {known} from '../codec/known-names.js';
import {latin1, ownBytes} from '../codec/octets.js';
import {isConnectionLevel, linesWithout} from '../codec/pass-on.js';
import type {ResponseHead} from '../codec/response-head.js';

/** How a response goes to the client. */
export interface Form {
	/** As it came from the backend. */
	readonly framing: number | 'chunked' | 'close';
	/** Of the client's HTTP version. */
	readonly minor: 0 | 1;
	/** Whether the connection is closed behind it. */
	readonly last: boolean;
}

/** Heads as they go out when nothing is particular, by the head that came: most come more than once. */
const plain = new WeakMap<ResponseHead, Buffer>();

/**
 * The head of a response for a client: the backend's, without what ends with the backend's
 * connection. A body that ends with that connection goes on in chunks, so that its end can be told from
 * a break.
 */
export function responseHead(head: ResponseHead, form: Form): Buffer {
	const isPlain = !form.last && form.minor === 1 && form.framing !== 'close';
	const before = isPlain ? plain.get(head) : undefined;
	if (before !== undefined) {
		return before;
	}
	const {bytes, fields, lineEnd, connection} = head;
	const ends = isConnectionLevel(bytes, connection);
	// These have no body, and nothing may say that they had (RFC 9110 section 8.6, RFC 9112 section 6.1).
	const isBare = head.status < 200 || head.status === 204;
	const lines = linesWithout(
		bytes,
		fields,
		field =>
			ends(field) ||
			(isBare && field.known === known.contentLength) ||
			((isBare || form.minor === 0) && field.known === known.transferEncoding),
	);
	const line = `HTTP/1.1${latin1(bytes, 8, lineEnd)}`;
	const text = `${line}${lines}${additions(form)}\r\n`;
	if (!isPlain) {
		return Buffer.from(text, 'latin1');
	}
	const octets = ownBytes(text);
	plain.set(head, octets);
	return octets;
}

function additions({framing, minor, last}: Form): string {
	const chunks = framing === 'close' && minor === 1 ? 'Transfer-Encoding: chunked\r\n' : '';
	const keep = minor === 0 ? 'Connection: keep-alive\r\n' : '';
	return `${chunks}${last ? 'Connection: close\r\n' : keep}`;
}
