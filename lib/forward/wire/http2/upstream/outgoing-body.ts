import {Backlog} from '../output/backlog.js';
import type {Output} from '../output/output.js';
import type {Sending, Waiting} from '../output/sending.js';

/** What goes out on one stream behind the head of its request, as far as the backend takes it. */
export class OutgoingBody implements Waiting {
	readonly id: number;
	/** All of them share the connection evenly: by whom they are wanted more is for the clients' side to say. */
	readonly priority = {urgency: 3, incremental: true};
	/** Octets that the backend takes on this stream before it says more. */
	window: number;
	/** Whether the request is complete and has left, or nothing more of it is to leave. */
	isSent: boolean;
	readonly #output: Output;
	readonly #sending: Sending;
	readonly #drained: () => void;
	readonly #ended: () => void;
	readonly #backlog = new Backlog();
	#ending: {readonly trailers: Buffer | undefined} | undefined;
	#isAwaited = false;

	/**
	 * @param isSent whether the request is its head and no more
	 * @param drained told when more can be written again
	 * @param ended told when the last of it has left
	 */
	constructor(
		{id, window, isSent}: {readonly id: number; readonly window: number; readonly isSent: boolean},
		{output, sending}: {readonly output: Output; readonly sending: Sending},
		drained: () => void,
		ended: () => void,
	) {
		this.id = id;
		this.window = window;
		this.isSent = isSent;
		this.#output = output;
		this.#sending = sending;
		this.#drained = drained;
		this.#ended = ended;
	}

	/** @returns whether more can be taken at once; if not, `drained` says when */
	write(bytes: Buffer): boolean {
		if (this.isSent) {
			// The backend has ended the stream, and its client goes on.
			return true;
		}
		const sent = this.#backlog.length === 0 ? this.#send(bytes, bytes.length) : 0;
		if (sent < bytes.length) {
			this.#backlog.add(bytes, sent, bytes.length);
		} else if (!this.#output.full) {
			return true;
		}
		this.#isAwaited = true;
		this.#sending.wait(this);
		return false;
	}

	/** All of the request has been handed over. @param trailers field block of its trailer section */
	finish(trailers: Buffer | undefined): void {
		if (this.#ending !== undefined || this.isSent) {
			return;
		}
		this.#ending = {trailers};
		this.#isAwaited = false;
		if (this.#backlog.length === 0) {
			this.#end(trailers);
		}
	}

	get isReady(): boolean {
		return this.#backlog.length === 0 || this.#sending.allowance(this.window) > 0;
	}

	sendOn(most: number): boolean {
		if (this.#backlog.length > 0) {
			const sent = this.#send(this.#backlog.peek(), Math.min(this.#backlog.length, most));
			this.#backlog.drop(sent);
		}
		if (this.#backlog.length > 0) {
			return false;
		}
		if (this.#ending !== undefined) {
			this.#end(this.#ending.trailers);
		} else if (this.#isAwaited) {
			this.#isAwaited = false;
			this.#drained();
		}
		return true;
	}

	/** Nothing more is to be sent: the stream is closed. */
	drop(): void {
		this.isSent = true;
		this.#sending.forget(this);
		this.#backlog.clear();
	}

	/** @returns how many octets could be sent */
	#send(bytes: Buffer, end: number): number {
		const length = Math.min(end, this.#sending.allowance(this.window));
		if (length > 0) {
			this.window -= length;
			this.#sending.spend(length);
			this.#output.data(this.id, bytes, 0, length, false);
		}
		return length;
	}

	#end(trailers: Buffer | undefined): void {
		if (this.isSent) {
			return;
		}
		this.isSent = true;
		if (trailers === undefined) {
			this.#output.end(this.id);
		} else {
			this.#output.headers(this.id, trailers, true, 0);
		}
		this.#ended();
	}
}
