import {Backlog} from '../output/backlog.js';

/**
 * Octets that a client may send on a stream before it is told that they have been taken. It is what is held
 * of an upload at the most; on a local link it is never waited for.
 */
export const streamWindow = 128 * 1024;

/** Parts of fewer octets are put together with what else comes in the same read: each write has its price. */
const smallPart = 1024;

/** Where an upload goes: a request, or a tunnel. */
export interface Destination {
	/** @returns whether more can be taken at once; if not, `drained` of the upload is to be called */
	write(bytes: Buffer): boolean;
	finish(trailers: string): void;
}

/** What an upload asks of the client's side. */
export interface Client {
	/** Tells the client that so many octets have been taken. */
	credit(octets: number): void;
	/** Has `gathered` of the upload called once the present read is over. */
	gather(): void;
}

/** What a client sends on one stream, on its way to the backend. */
export class Upload {
	/** Octets of frames that the client may still send. */
	window = streamWindow;
	readonly #destination: Destination;
	readonly #client: Client;
	readonly #backlog = new Backlog();
	/** Octets that the client has sent and has not been told that they were taken. */
	#uncredited = 0;
	#isBlocked: boolean;
	#ending: {readonly trailers: string} | undefined;

	/** @param isBlocked whether nothing may be sent for now */
	constructor(destination: Destination, client: Client, isBlocked: boolean) {
		this.#destination = destination;
		this.#client = client;
		this.#isBlocked = isBlocked;
	}

	/** Whether the backend does not take what has come. */
	get isBlocked(): boolean {
		return this.#isBlocked;
	}

	/** A frame of so many octets begins. @returns whether the client may send that many */
	accept(length: number): boolean {
		this.window -= length;
		this.#uncredited += length;
		return this.window >= 0;
	}

	write(bytes: Buffer, start: number, end: number): void {
		const isFirst = this.#backlog.length === 0;
		if (this.#isBlocked || !isFirst || end - start < smallPart) {
			this.#backlog.add(bytes, start, end);
			if (isFirst && !this.#isBlocked) {
				this.#client.gather();
			}
			return;
		}
		const isWhole = start === 0 && end === bytes.length;
		this.#isBlocked = !this.#destination.write(isWhole ? bytes : bytes.subarray(start, end));
	}

	/** Tells the client what it may send again, when it is worth a frame. */
	settle(): void {
		if (!this.#isBlocked && this.#uncredited * 2 >= streamWindow) {
			this.window += this.#uncredited;
			this.#client.credit(this.#uncredited);
			this.#uncredited = 0;
		}
	}

	/** The request is complete. */
	finish(trailers: string): void {
		if (this.#backlog.length > 0) {
			this.#ending = {trailers};
		} else {
			this.#destination.finish(trailers);
		}
	}

	/** All that came in one read is there. */
	gathered(): void {
		if (!this.#isBlocked) {
			this.drained();
		}
	}

	/** The backend takes more. */
	drained(): void {
		if (this.#backlog.length > 0) {
			const waiting = this.#backlog.peek();
			this.#backlog.clear();
			this.#isBlocked = !this.#destination.write(waiting);
		} else {
			this.#isBlocked = false;
		}
		this.#finishIfLast();
		this.settle();
	}

	/** The stream is closed: what waits goes to the backend, whether or not that takes it. */
	handOver(): void {
		if (this.#backlog.length > 0) {
			const waiting = this.#backlog.peek();
			this.#backlog.clear();
			this.#destination.write(waiting);
		}
		this.#finishIfLast();
	}

	#finishIfLast(): void {
		const ending = this.#ending;
		if (ending !== undefined) {
			this.#ending = undefined;
			this.#destination.finish(ending.trailers);
		}
	}
}
