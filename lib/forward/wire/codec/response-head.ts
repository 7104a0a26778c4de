import {type Field, membersOf, readFields} from './fields.js';
import {type Framing, framingOf} from './framing.js';
import {known} from './known-names.js';
import {at, cr, isTextOctet, latin1, lf, Malformed, space} from './octets.js';

/** The head of a response, checked, by indices into its bytes. */
export interface ResponseHead {
	/** Nothing but the head; its own copy. */
	readonly bytes: Buffer;
	readonly status: number;
	/** Behind the status line's CR LF. */
	readonly lineEnd: number;
	readonly fields: readonly Field[];
	readonly framing: Framing;
	/** Members of Connection, lower case. */
	readonly connection: readonly string[];
	/** Whether the backend keeps the connection open (RFC 9112 section 9.3). */
	readonly persistent: boolean;
}

/**
 * Reads the head of a response (RFC 9112 sections 4 and 5). The space behind the status code may be
 * missing, as many servers leave it out where no reason follows.
 *
 * @param bytes the head and nothing else, its empty line included
 * @param most how many fields it may have
 * @throws Malformed, TooLarge
 */
export function readResponseHead(bytes: Buffer, most: number): ResponseHead {
	const version = latin1(bytes, 0, 9);
	const text = latin1(bytes, 9, 12);
	if ((version !== 'HTTP/1.1 ' && version !== 'HTTP/1.0 ') || !/^[1-9]\d\d$/.test(text)) {
		throw new Malformed('its first line is not HTTP/1.1 and a status code');
	}
	const minor = version === 'HTTP/1.1 ' ? 1 : 0;
	let index = 12;
	if (at(bytes, index) === space) {
		while (isTextOctet[at(bytes, index)] === 1) {
			index++;
		}
	}
	if (at(bytes, index) !== cr || at(bytes, index + 1) !== lf) {
		throw new Malformed('its first line has what a reason phrase may not have');
	}
	const lineEnd = index + 2;
	const fields = readFields(bytes, lineEnd, bytes.length, most);
	const connection = membersOf(bytes, fields, known.connection);
	return {
		bytes,
		status: Number(text),
		lineEnd,
		fields,
		framing: framingOf(bytes, fields, minor),
		connection,
		persistent: minor === 1 && !connection.includes('close'),
	};
}

/**
 * How the body of a response is framed, all things considered (RFC 9112 section 6.3).
 *
 * @param method of the request
 * @returns `close` where the end of the connection is the end of the body
 */
export function responseFraming(head: ResponseHead, method: string): number | 'chunked' | 'close' {
	const {status, framing} = head;
	if (method === 'HEAD' || status < 200 || status === 204 || status === 304) {
		return 0;
	}
	return framing === 'none' ? 'close' : framing;
}
