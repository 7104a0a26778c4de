import type {Socket} from 'node:net';
import type {ResponseSink} from '../wire/upstream/sink.js';

/** How long a backend may take nothing of what a client that has gone has sent it, in milliseconds. */
const longestFarewell = 10_000;

/** The backend's connection once it has switched protocols. */
export class Tunnel {
	readonly #socket: Socket;
	readonly #sink: ResponseSink;
	#isForNobody = false;

	constructor(socket: Socket, sink: ResponseSink) {
		this.#socket = socket;
		this.#sink = sink;
		socket.setTimeout(0);
		socket.setNoDelay(true);
		// Either side may end and go on reading.
		socket.allowHalfOpen = true;
		socket.on('drain', () => sink.drained());
		socket.on('error', () => {
			/* 'close' follows, and is what counts */
		});
		socket.on('end', () => this.#tell('ended'));
		socket.on('close', isBroken => this.#tell(isBroken ? 'broken' : 'gone'));
	}

	/** @param early what has come with the consent */
	begin(early: Buffer): void {
		if (early.length > 0) {
			this.#pass(early);
		}
		this.#socket.on('data', (bytes: Buffer) => this.#pass(bytes));
	}

	write(bytes: Buffer): boolean {
		return this.#socket.destroyed || this.#socket.write(bytes);
	}

	resume(): void {
		this.#socket.resume();
	}

	end(): void {
		this.#socket.end();
	}

	/** Closes once what was written has left, or nothing of it leaves any more. */
	closeSoon(): void {
		this.#isForNobody = true;
		this.#socket.setTimeout(longestFarewell, () => this.#socket.destroy());
		this.#socket.destroySoon();
	}

	destroy(): void {
		this.#isForNobody = true;
		this.#socket.destroy();
	}

	#pass(bytes: Buffer): void {
		if (!this.#isForNobody && !this.#sink.tunnelled(bytes)) {
			this.#socket.pause();
		}
	}

	#tell(how: 'ended' | 'gone' | 'broken'): void {
		if (!this.#isForNobody) {
			this.#sink.closed(how);
		}
	}
}
