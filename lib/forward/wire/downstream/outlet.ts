import type {TLSSocket} from 'node:tls';
import type {WireContext} from '../context.js';

/** How long a client may take to see why its connection was closed, in milliseconds. */
const lingering = 2000;

/**
 * What may wait to be written, in octets. Node says that a write is done one turn of the event loop after it
 * was; to stop reading for it each time would cost more than it spares.
 */
const mostWaiting = 128 * 1024;

/** Where parts are put together to be written at once; free again as soon as they are encrypted. */
const scratch = Buffer.allocUnsafeSlow(320 * 1024);

/** The writing side of a client's connection. */
export class Outlet {
	readonly #socket: TLSSocket;
	readonly #context: WireContext;
	/** When what is being closed is cut, on the lane's clock. */
	#deadline = Number.POSITIVE_INFINITY;
	#closing = false;

	constructor(socket: TLSSocket, context: WireContext) {
		this.#socket = socket;
		this.#context = context;
	}

	/** Whether nothing more is to be written, and what comes is for nobody. */
	get closing(): boolean {
		return this.#closing;
	}

	/** Octets that wait to be written. */
	get waiting(): number {
		return this.#socket.writableLength;
	}

	/** Whether so much waits to be written that nothing more is to be begun. */
	get full(): boolean {
		return this.#socket.writableLength > mostWaiting;
	}

	/**
	 * Writes bytes that are valid only now. They are encrypted within the call; only if others wait before
	 * them they have to be copied.
	 *
	 * @returns whether more can be written; if not, 'drain' of the socket says when
	 */
	write(bytes: Buffer): boolean {
		if (this.#closing) {
			return true;
		}
		const socket = this.#socket;
		socket.write(socket.writableLength === 0 ? bytes : Buffer.from(bytes));
		return !this.full;
	}

	/** Writes two parts at once, which makes one TLS record and one packet of small ones. */
	writeBoth(first: Buffer, second: Buffer): boolean {
		const length = first.length + second.length;
		if (length > scratch.length) {
			this.write(first);
			return this.write(second);
		}
		first.copy(scratch);
		second.copy(scratch, first.length);
		return this.write(scratch.subarray(0, length));
	}

	/** Ends the writing side, within a tunnel. */
	end(): void {
		this.#socket.end();
	}

	/** Closes behind what has been written. */
	close(): void {
		this.#closing = true;
		this.#deadline = this.#context.clock.now + this.#context.limits.idle;
		this.#socket.end(() => {
			this.#deadline = this.#context.clock.now + lingering;
		});
		// Unread bytes would make the close a reset, by which the answer might be lost on its way.
		this.#socket.resume();
	}

	/** Breaks off behind what has been written, so that the client sees that something is missing. */
	cut(): void {
		this.#closing = true;
		this.#deadline = this.#context.clock.now + lingering;
		this.#socket.write('', () => this.#socket.destroy());
	}

	/** Ends what the client does not let end. */
	check(now: number): void {
		if (now >= this.#deadline) {
			this.#socket.destroy();
		}
	}
}
