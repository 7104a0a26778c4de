import {createHash} from 'node:crypto';
import type {Socket} from 'node:net';

/** RFC 6455 section 1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const maskLength = 4;

/** The answer to a request for a WebSocket. */
export function switching(key: string): string {
	const accept = createHash('sha1')
		.update(key + guid)
		.digest('base64');
	return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

/**
 * Sends back every message of a WebSocket. It knows what the load sends and nothing else: unfragmented
 * messages of at most 125 bytes.
 *
 * @param first what came behind the request
 * @param sent told how many messages went back
 */
export function echo(socket: Socket, first: Buffer, sent: (messages: number) => void): void {
	let rest = first;
	const take = (data: Buffer): void => {
		const bytes = rest.length === 0 ? data : Buffer.concat([rest, data]);
		const answers: Buffer[] = [];
		let at = 0;
		while (at + 2 <= bytes.length) {
			const length = (bytes[at + 1] ?? 0) & 0x7f;
			const body = at + 2 + maskLength;
			if (body + length > bytes.length) {
				break;
			}
			const answer = Buffer.allocUnsafe(2 + length);
			answer[0] = bytes[at] ?? 0;
			answer[1] = length;
			for (let each = 0; each < length; each++) {
				answer[2 + each] = (bytes[body + each] ?? 0) ^ (bytes[at + 2 + (each & 3)] ?? 0);
			}
			answers.push(answer);
			at = body + length;
		}
		rest = bytes.subarray(at);
		if (answers.length > 0) {
			socket.write(answers.length === 1 && answers[0] ? answers[0] : Buffer.concat(answers));
			sent(answers.length);
		}
	};
	socket.on('data', take);
	take(Buffer.alloc(0));
}
