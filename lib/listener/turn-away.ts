import type {Socket} from 'node:net';
import {readFirstByte} from './first-byte.js';

/** A fatal alert, access_denied, as clients read it in answer to their hello (RFC 8446 section 6). */
const accessDenied = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x31]);

const forbidden = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

/**
 * Tells a client that it may not connect, and closes.
 *
 * @param limit how long its first byte may take, and how long it may stay after the answer, in milliseconds
 */
export function turnAway(socket: Socket, limit: number): void {
	const end = (text: Buffer | string) => {
		// What is left unread when a socket is closed would throw away what was written.
		socket.resume();
		// Not a limit of silence: who is not wanted could go on talking for ever.
		const deadline = setTimeout(() => socket.destroy(), limit);
		socket.once('close', () => clearTimeout(deadline));
		socket.end(text);
	};
	readFirstByte(socket, limit, {tls: () => end(accessDenied), other: () => end(forbidden)});
}
