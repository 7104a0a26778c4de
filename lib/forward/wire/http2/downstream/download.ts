import {Backlog} from '../output/backlog.js';
import type {Waiting} from '../output/sending.js';
import type {Priority} from '../priority.js';
import type {Channel} from './channel.js';

/** Who fills a download. */
export interface Source {
	/** More can be sent. */
	resume(): void;
	/** All of it has left. */
	sent(): void;
}

/** What a client is sent on one stream: a response, or what comes out of a tunnel. */
export class Download implements Waiting {
	readonly id: number;
	priority: Priority;
	/** Octets that the client takes on this stream before it says more. */
	window: number;
	/** Whether the end has left. */
	isSent = false;
	/** When something was sent last, or began to wait, on the lane's clock. */
	progressed = 0;
	readonly #channel: Channel;
	readonly #source: Source;
	readonly #backlog = new Backlog();
	/** Octets of the body that are to come, where their number is known and nothing follows them. */
	#left = Number.POSITIVE_INFINITY;
	/** What ends it behind the body that waits: nothing more, or trailers. */
	#ending: {readonly trailers: Buffer | undefined} | undefined;

	/** @param window octets that the client takes at first */
	constructor(id: number, window: number, priority: Priority, channel: Channel, source: Source) {
		this.id = id;
		this.window = window;
		this.priority = priority;
		this.#channel = channel;
		this.#source = source;
	}

	/**
	 * Sends a head behind which a body comes, or nothing.
	 *
	 * @param length octets of the body behind which nothing follows, where their number is known
	 */
	begin(block: Buffer, length = Number.POSITIVE_INFINITY): void {
		this.#left = length;
		this.isSent = length === 0;
		this.#channel.sendHeaders(this.id, block, this.isSent);
	}

	/** @returns whether to go on at once; if not, the source is told when */
	write(bytes: Buffer): boolean {
		const {sending, output} = this.#channel;
		const sent = this.#backlog.length === 0 ? this.#send(bytes, bytes.length) : 0;
		if (sent < bytes.length) {
			if (this.#backlog.length === 0) {
				this.progressed = this.#channel.context.clock.now;
			}
			this.#backlog.add(bytes, sent, bytes.length);
		} else if (!output.full) {
			return true;
		}
		sending.wait(this);
		return false;
	}

	/** @param trailers field block */
	end(trailers?: Buffer): void {
		if (this.#backlog.length > 0) {
			this.#ending = {trailers};
		} else {
			this.#end(trailers);
		}
	}

	/** Forgets what waits. */
	abandon(): void {
		this.#channel.sending.forget(this);
		this.#backlog.clear();
	}

	/** Whether something waits because the client takes nothing on this stream, though it would on others. */
	get isHeld(): boolean {
		return this.window <= 0 && this.#backlog.length > 0 && !this.#channel.sending.isHeld;
	}

	get isReady(): boolean {
		return this.#backlog.length === 0 || this.#channel.sending.allowance(this.window) > 0;
	}

	sendOn(most: number): boolean {
		const waiting = Math.min(this.#backlog.length, most);
		if (waiting > 0) {
			this.#backlog.drop(this.#send(this.#backlog.peek(), waiting));
		}
		if (this.#backlog.length > 0) {
			return false;
		}
		if (this.#ending === undefined) {
			this.#source.resume();
		} else {
			this.#end(this.#ending.trailers);
		}
		return true;
	}

	/** @returns how many of the first `end` octets could be sent */
	#send(bytes: Buffer, end: number): number {
		const {sending, output} = this.#channel;
		const length = Math.min(end, sending.allowance(this.window));
		if (length === 0) {
			return 0;
		}
		this.window -= length;
		this.progressed = this.#channel.context.clock.now;
		this.#left -= length;
		sending.spend(length);
		this.isSent = this.#left === 0;
		output.data(this.id, bytes, 0, length, this.isSent);
		return length;
	}

	/** Everything before it has left. */
	#end(trailers: Buffer | undefined): void {
		if (!this.isSent) {
			this.isSent = true;
			if (trailers === undefined) {
				this.#channel.output.end(this.id);
			} else {
				this.#channel.sendHeaders(this.id, trailers, true);
			}
		}
		this.#source.sent();
	}
}
