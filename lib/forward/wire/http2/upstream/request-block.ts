import {createHash} from 'node:crypto';
import {valueText} from '../../codec/fields.js';
import {known} from '../../codec/known-names.js';
import {latin1} from '../../codec/octets.js';
import {readRequestHead} from '../../codec/request-head.js';
import {encodeFields} from '../hpack/encoder.js';

/** The head of a request as HTTP/2 has it. */
export interface RequestBlock {
	/** The field block; it is remembered, and nobody changes it. */
	readonly block: Buffer;
	/**
	 * For a WebSocket: the Sec-WebSocket-Accept that its client waits for, and that no backend makes over
	 * HTTP/2 (RFC 8441 section 5).
	 */
	readonly acceptKey: string | undefined;
}

/** Blocks by the head that they were made of: many clients send the same one again and again. */
const blocks = new WeakMap<Buffer, RequestBlock>();

/** What means something to an HTTP/1.1 connection only, or has another place in HTTP/2. */
const dropped = new Set<number>([
	known.connection,
	known.keepAlive,
	known.proxyConnection,
	known.transferEncoding,
	known.upgrade,
	known.http2Settings,
	known.host,
]);

/**
 * Makes a field block of a request's head (RFC 9113 section 8.3.1). A request that asks for a WebSocket
 * becomes an extended CONNECT (RFC 8441); one that asks for any other protocol is sent without that wish,
 * as if the backend had not granted it.
 *
 * @param head as HTTP/1.1 has it, checked before; one that comes again costs nothing
 */
export function requestBlock(head: Buffer): RequestBlock {
	let made = blocks.get(head);
	if (made === undefined) {
		made = encode(head);
		blocks.set(head, made);
	}
	return made;
}

function encode(head: Buffer): RequestBlock {
	const {bytes, method, target, fields, upgrade} = readRequestHead(head, Number.POSITIVE_INFINITY);
	const textOf = (id: number) => {
		const field = fields.find(one => one.known === id);
		return field === undefined ? '' : valueText(bytes, field);
	};
	const isWebSocket = upgrade && textOf(known.upgrade).toLowerCase() === 'websocket';
	const pairs = isWebSocket
		? [':method', 'CONNECT', ':protocol', 'websocket']
		: [':method', method];
	pairs.push(':scheme', 'http', ':authority', textOf(known.host), ':path', target);
	let key = '';
	for (const field of fields) {
		const name = latin1(bytes, field.start, field.nameEnd).toLowerCase();
		const value = valueText(bytes, field);
		if (isWebSocket && name === 'sec-websocket-key') {
			key = value;
		} else if (!dropped.has(field.known) && (field.known !== known.te || isTrailers(value))) {
			pairs.push(name, value);
		}
	}
	return {block: encodeFields(pairs), acceptKey: isWebSocket ? acceptOf(key) : undefined};
}

/** The only value that TE may have in HTTP/2 (RFC 9113 section 8.2.2). */
function isTrailers(value: string): boolean {
	return value.toLowerCase() === 'trailers';
}

/** RFC 6455 section 4.2.2. */
function acceptOf(key: string): string {
	return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}
