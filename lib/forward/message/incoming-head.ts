import type {RawHeaders} from '../headers.js';
import {readFields} from '../wire/codec/fields.js';
import {Malformed, ownBytes} from '../wire/codec/octets.js';
import {responseTrailers} from '../wire/codec/pass-on.js';
import {type ResponseHead, readResponseHead} from '../wire/codec/response-head.js';

/** Most fields of a response, and of its trailers. */
const mostFields = 1000;

/** Heads up to this size are remembered, in octets. */
const largestRemembered = 4096;

const chunkedOnly = /^[\s,]*(?:chunked\s*(?:,[\s,]*|$))*$/i;

/** A response's status and fields. */
export interface Incoming {
	readonly httpVersion: string;
	readonly statusCode?: number | undefined;
	readonly statusMessage?: string | undefined;
	readonly rawHeaders: RawHeaders;
}

/** Makes of responses of Node's HTTP client what the codec would have read. Most come more than once. */
export class IncomingHeads {
	#text = '';
	#head: ResponseHead | undefined;

	/**
	 * The head of a response whose chunks have been taken off.
	 *
	 * @param isBodiless whether it is the answer to HEAD, or has no body by its status: it keeps what it says of one
	 * @throws Malformed
	 */
	read(incoming: Incoming, isBodiless: boolean): ResponseHead {
		const text = headText(incoming, isBodiless);
		if (this.#head !== undefined && text === this.#text) {
			return this.#head;
		}
		const head = readResponseHead(ownBytes(text), mostFields);
		if (text.length <= largestRemembered) {
			this.#text = text;
			this.#head = head;
		}
		return head;
	}
}

function headText(incoming: Incoming, isBodiless: boolean): string {
	const {httpVersion, statusCode, statusMessage, rawHeaders} = incoming;
	const version = httpVersion === '1.0' ? 'HTTP/1.0' : 'HTTP/1.1';
	let text = `${version} ${statusCode ?? 502} ${statusMessage ?? ''}\r\n`;
	for (let index = 0; index < rawHeaders.length; index += 2) {
		const name = rawHeaders[index] ?? '';
		const value = rawHeaders[index + 1] ?? '';
		if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') {
			if (!chunkedOnly.test(value)) {
				throw new Malformed('it has a transfer coding other than chunked');
			}
			if (!isBodiless) {
				continue;
			}
		}
		text += `${name}: ${value}\r\n`;
	}
	return `${text}\r\n`;
}

/**
 * The trailer section of a response as the client may be given it; `undefined` without one.
 *
 * @throws Malformed
 */
export function trailerSection(rawTrailers: RawHeaders): Buffer | undefined {
	if (rawTrailers.length === 0) {
		return undefined;
	}
	let text = '';
	for (let index = 0; index < rawTrailers.length; index += 2) {
		text += `${rawTrailers[index]}: ${rawTrailers[index + 1]}\r\n`;
	}
	const bytes = Buffer.from(`${text}\r\n`, 'latin1');
	const lines = responseTrailers(bytes, readFields(bytes, 0, bytes.length, mostFields));
	return lines === '' ? undefined : Buffer.from(`${lines}\r\n`, 'latin1');
}
