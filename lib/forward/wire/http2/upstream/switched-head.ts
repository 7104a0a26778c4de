import {known} from '../../codec/known-names.js';
import {latin1, ownBytes} from '../../codec/octets.js';
import {linesWithout} from '../../codec/pass-on.js';
import {type ResponseHead, readResponseHead} from '../../codec/response-head.js';

/**
 * What a backend's consent to an extended CONNECT (RFC 8441 section 5) is in HTTP/1.1: a switch of
 * protocols.
 *
 * @param acceptKey Sec-WebSocket-Accept as the client expects it
 */
export function switchedHead({bytes, fields}: ResponseHead, acceptKey: string): ResponseHead {
	const lines = linesWithout(
		bytes,
		fields,
		field =>
			field.known === known.contentLength ||
			latin1(bytes, field.start, field.nameEnd) === 'sec-websocket-accept',
	);
	const upgrade = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';
	const text = `HTTP/1.1 101 Switching Protocols\r\n${upgrade}Sec-WebSocket-Accept: ${acceptKey}\r\n${lines}\r\n`;
	return readResponseHead(ownBytes(text), Number.POSITIVE_INFINITY);
}
