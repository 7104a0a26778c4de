import {membersOf, rawHeaders, valueText} from '../../codec/fields.js';
import {known} from '../../codec/known-names.js';
import {latin1} from '../../codec/octets.js';
import {isConnectionLevel, structural} from '../../codec/pass-on.js';
import type {ResponseHead} from '../../codec/response-head.js';
import {answerBlock} from '../response.js';

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
