import type {Socket} from 'node:net';
import {type Expected, ResponseReader} from './response-reader.js';
import type {ResponseSink} from './sink.js';

/** How long a backend may take nothing of what a client that has gone has sent it, in milliseconds. */
const longestFarewell = 10_000;

/** The request that has a connection for itself. */
export interface Occupant extends Expected {
	readonly sink: ResponseSink;
	/** The response is complete. */
	responded(tail: Buffer | undefined): void;
	/** The connection is gone, or of no more use, before the request and its response were complete. */
	lost(cause: Error | undefined): void;
}

/** One connection to a backend. It carries one request at a time. */
export class UpstreamConnection {
	/** Whether it has carried a request before the present one. */
	reused = false;
	/** Until when it may be used again, on the pool's clock. */
	idleUntil = 0;
	readonly #reader = new ResponseReader();
	#socket: Socket | undefined;
	#occupant: Occupant | undefined;
	#cause: Error | undefined;

	/** Takes the socket whose bytes `receive` will be given. */
	attach(socket: Socket): void {
		this.#socket = socket;
		socket.on('drain', () => this.#occupant?.sink.drained());
		socket.on('error', error => {
			this.#cause = error;
		});
		socket.on('end', () => this.#ended());
		socket.on('close', () => this.#gone());
	}

	get alive(): boolean {
		return this.#socket !== undefined && !this.#socket.destroyed && !this.#socket.readableEnded;
	}

	/** Whether anything has come back for the present request. */
	get begun(): boolean {
		return this.#reader.begun;
	}

	/** Whether another request can follow the one that is complete: the backend has taken all of that. */
	get reusable(): boolean {
		return this.alive && this.#socket?.writableLength === 0 && this.#reader.reusable;
	}

	/** Makes the present request its last. */
	retire(): void {
		this.#reader.reusable = false;
	}

	occupy(occupant: Occupant): void {
		this.#occupant = occupant;
		this.#reader.expect(occupant, occupant.sink);
	}

	/** Lets go of the request; whatever comes now was not asked for. */
	release(): void {
		this.#occupant = undefined;
		this.#reader.release();
		this.reused = true;
	}

	/** @returns whether more can be written at once; if not, `drained` of the sink says when */
	write(bytes: Buffer): boolean {
		return this.#socket?.write(bytes) ?? false;
	}

	/** Ends the writing side, within a tunnel. */
	end(): void {
		this.#socket?.end();
	}

	resume(): void {
		this.#socket?.resume();
	}

	/** Closes once what was written has left, or nothing of it leaves any more. */
	destroySoon(): void {
		this.#socket?.setTimeout(longestFarewell, () => this.destroy());
		this.#socket?.destroySoon();
	}

	destroy(): void {
		this.#socket?.destroy();
	}

	/** @returns whether to go on reading */
	receive(bytes: Buffer): boolean {
		const occupant = this.#occupant;
		if (occupant === undefined) {
			this.destroy();
			return false;
		}
		const reader = this.#reader;
		if (reader.switched) {
			return occupant.sink.tunnelled(bytes);
		}
		if (reader.done) {
			// More than announced, while the request is still being sent.
			reader.reusable = false;
			return true;
		}
		try {
			const goOn = reader.read(bytes);
			if (!reader.done || reader.switched) {
				return goOn;
			}
		} catch (error) {
			this.#cause = error instanceof Error ? error : new Error(String(error));
			this.destroy();
			this.#gone();
			return false;
		}
		if (this.#occupant === occupant) {
			occupant.responded(reader.tail);
		}
		return true;
	}

	#ended(): void {
		const occupant = this.#occupant;
		if (occupant !== undefined && this.#reader.switched) {
			occupant.sink.closed('ended');
			return;
		}
		const completes = !this.#reader.done && this.#reader.ended();
		this.destroy();
		if (completes) {
			occupant?.responded(undefined);
		}
	}

	#gone(): void {
		const occupant = this.#occupant;
		this.#occupant = undefined;
		if (occupant === undefined) {
			return;
		}
		if (this.#reader.switched) {
			occupant.sink.closed(this.#cause === undefined ? 'gone' : 'broken');
		} else {
			occupant.lost(this.#cause);
		}
	}
}
