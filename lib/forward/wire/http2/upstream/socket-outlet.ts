import type {Socket} from 'node:net';

/** What may wait to be written before bodies have to, in octets. */
const mostWaiting = 256 * 1024;

/** What may wait altogether: heads and answers to PING, which are not held back. */
const mostAltogether = 4 * 1024 * 1024;

/** The writing side of a connection to a backend. */
export class SocketOutlet {
	readonly #socket: Socket;

	constructor(socket: Socket) {
		this.#socket = socket;
	}

	/** Whether nothing more of a body is to be written before 'drain' of the socket. */
	get full(): boolean {
		return this.#socket.writableLength > mostWaiting;
	}

	/** Whether the backend reads so little that it is to be given up. */
	get overflows(): boolean {
		return this.#socket.writableLength > mostAltogether;
	}

	/** Writes bytes that are valid only now: a socket without TLS refers to them until they have left. */
	write(bytes: Buffer): boolean {
		this.#socket.write(Buffer.from(bytes));
		return !this.full;
	}
}
