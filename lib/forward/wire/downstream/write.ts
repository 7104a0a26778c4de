import type {TLSSocket} from 'node:tls';

/** Where parts are put together to be written at once; free again as soon as they are encrypted. */
const scratch = Buffer.allocUnsafeSlow(128 * 1024);

/**
 * Writes bytes that are valid only now. They are encrypted within the call, and only if others wait
 * before them they have to be copied.
 *
 * @returns whether more can be written; if not, 'drain' says when
 */
export function writeNow(socket: TLSSocket, bytes: Buffer): boolean {
	return socket.write(socket.writableLength === 0 ? bytes : Buffer.from(bytes));
}

/** Writes two parts at once, which makes one TLS record and one packet of small ones. */
export function writeBoth(socket: TLSSocket, first: Buffer, second: Buffer): boolean {
	const length = first.length + second.length;
	if (length > scratch.length) {
		writeNow(socket, first);
		return writeNow(socket, second);
	}
	first.copy(scratch);
	second.copy(scratch, first.length);
	return writeNow(socket, scratch.subarray(0, length));
}
