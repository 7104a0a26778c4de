import {createHash, randomBytes} from 'node:crypto';
import {membersOf, rawHeaders, valueText} from '../../codec/fields.js';
import {known} from '../../codec/known-names.js';
import {latin1} from '../../codec/octets.js';
import {isConnectionLevel, structural} from '../../codec/pass-on.js';
import type {ResponseHead} from '../../codec/response-head.js';
import {answerBlock} from '../response.js';

/** What a WebSocket is asked for by, once (RFC 6455 section 4.1). */
export function newKey(): string {
	return randomBytes(16).toString('base64');
}

/** What shows that a backend has read the key (RFC 6455 section 4.2.2). */
export function acceptFor(key: string): string {
	return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** What opens a WebSocket over HTTP/1.1 and has no place in HTTP/2 (RFC 8441 section 5). */
export function upgradeLines(key: string): string {
	return `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\n`;
}

/**
 * The field block by which a client learns that its WebSocket is open (RFC 8441 section 5).
 *
 * @param acceptKey what the backend's Sec-WebSocket-Accept has to be
 * @returns `undefined` when the backend has opened something else
 */
export function tunnelBlock(head: ResponseHead, acceptKey: string): Buffer | undefined {
	const {bytes, fields, connection} = head;
	const isAccept = (name: string) => name.toLowerCase() === 'sec-websocket-accept';
	const accepts = fields.filter(({start, nameEnd}) => isAccept(latin1(bytes, start, nameEnd)));
	const [accept] = accepts;
	const isOpen =
		accepts.length === 1 &&
		accept !== undefined &&
		valueText(bytes, accept) === acceptKey &&
		membersOf(bytes, fields, known.upgrade).join() === 'websocket';
	if (!isOpen) {
		return undefined;
	}
	const ends = isConnectionLevel(bytes, connection);
	const kept = fields.filter(
		field => field !== accept && !structural.has(field.known) && !ends(field),
	);
	return answerBlock(200, rawHeaders(bytes, kept));
}
