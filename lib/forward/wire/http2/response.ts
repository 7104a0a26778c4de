import type {RawHeaders} from '../../headers.js';
import {readFields, valueText} from '../codec/fields.js';
import {known} from '../codec/known-names.js';
import {latin1} from '../codec/octets.js';
import {isConnectionLevel, structural} from '../codec/pass-on.js';
import type {ResponseHead} from '../codec/response-head.js';
import {encodeFields} from './hpack/encoder.js';

/** Most fields of a trailer section: more than its reader lets through. */
const mostTrailers = 1000;

/** Blocks by the head that came: most come more than once. */
const blocks = new WeakMap<ResponseHead, Buffer>();

/**
 * The field block of a response for HTTP/2 (RFC 9113 section 8.3.2): the backend's fields in their order,
 * without what ends with its connection or frames a body there. The caller does not change it.
 */
export function responseBlock(head: ResponseHead): Buffer {
	let block = blocks.get(head);
	if (block === undefined) {
		block = encodeHead(head);
		blocks.set(head, block);
	}
	return block;
}

function encodeHead({bytes, status, fields, connection}: ResponseHead): Buffer {
	const ends = isConnectionLevel(bytes, connection);
	// These have no body, and nothing may say that they had (RFC 9110 section 8.6).
	const isBare = status < 200 || status === 204;
	const pairs = [':status', String(status)];
	for (const field of fields) {
		const isFraming =
			field.known === known.transferEncoding || (isBare && field.known === known.contentLength);
		if (!isFraming && !ends(field)) {
			pairs.push(latin1(bytes, field.start, field.nameEnd).toLowerCase(), valueText(bytes, field));
		}
	}
	return encodeFields(pairs);
}

/** The field block of an answer of Sealport's own. */
export function answerBlock(status: number, headers: RawHeaders): Buffer {
	const pairs = [':status', String(status)];
	for (const [index, text] of headers.entries()) {
		pairs.push(index % 2 === 0 ? text.toLowerCase() : text);
	}
	return encodeFields(pairs);
}

/**
 * The field block of a trailer section.
 *
 * @param tail field lines and an empty line, as HTTP/1.1 has them
 * @returns `undefined` when nothing is left of it
 * @throws Malformed, TooLarge
 */
export function trailersBlock(tail: Buffer): Buffer | undefined {
	const ends = isConnectionLevel(tail, []);
	const pairs: string[] = [];
	for (const field of readFields(tail, 0, tail.length, mostTrailers)) {
		if (!structural.has(field.known) && !ends(field)) {
			pairs.push(latin1(tail, field.start, field.nameEnd).toLowerCase(), valueText(tail, field));
		}
	}
	return pairs.length === 0 ? undefined : encodeFields(pairs);
}
