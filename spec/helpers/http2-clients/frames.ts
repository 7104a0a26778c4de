import {once} from 'node:events';
import type {Duplex} from 'node:stream';

/** A WebSocket over a stream (RFC 8441), as far as short texts go. */
export function webSocketOver(stream: Duplex): (message: string) => Promise<string> {
	let received = Buffer.alloc(0);
	stream.on('data', (chunk: Buffer) => {
		received = Buffer.concat([received, chunk]);
	});
	return async message => {
		const text = Buffer.from(message);
		// One whole text message (RFC 6455 section 5.2), masked by zeros.
		stream.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
		while (received.length < 2 + text.length) {
			await once(stream, 'data');
		}
		const answer = received.toString('utf8', 2, 2 + text.length);
		received = received.subarray(2 + text.length);
		return answer;
	};
}
