import type {Socket} from 'node:net';

/** Content type of a TLS record that carries a handshake (RFC 8446 section 5.1). */
const handshakeRecord = 0x16;

/**
 * Waits for the first byte of a connection and tells TLS from anything else by it. The byte is put
 * back, so that whoever takes the connection reads it from the start.
 *
 * @param limit how long the byte may take, in milliseconds; then the connection is closed
 */
export function readFirstByte(
	socket: Socket,
	limit: number,
	decide: {readonly tls: (socket: Socket) => void; readonly other: (socket: Socket) => void},
): void {
	const timer = setTimeout(() => socket.destroy(), limit);
	const drop = () => {
		clearTimeout(timer);
		socket.off('readable', read);
	};
	const read = () => {
		const chunk: Buffer | null = socket.read();
		if (chunk === null) {
			return;
		}
		drop();
		socket.off('close', drop);
		socket.unshift(chunk);
		decide[chunk[0] === handshakeRecord ? 'tls' : 'other'](socket);
	};
	socket.on('readable', read);
	socket.once('close', drop);
}
