import {createHash} from 'node:crypto';

/** A request for a WebSocket, as HTTP/1.1 has it; `more` are further field lines. */
export function askFor(path: string, more = '', connection = 'Upgrade'): string {
	return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;
}

/**
 * The 101 of a backend that agrees: over HTTP/2 it is Sealport that asks, by a key of its own.
 *
 * @param received what has come of the request; with no key in it, the 101 makes nothing of one
 */
export function agreeTo(received: string | Buffer, more = ''): string {
	const [, key] = /\r\nsec-websocket-key: *(\S+)\r\n/i.exec(String(received)) ?? [];
	const accept = key === undefined ? '' : `Sec-WebSocket-Accept: ${acceptOf(key)}\r\n`;
	return `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${accept}${more}\r\n`;
}

/** What a server has to make of the key of a client (RFC 6455 section 4.2.2). */
export function acceptOf(key: string): string {
	const salt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
	return createHash('sha1')
		.update(key + salt)
		.digest('base64');
}
