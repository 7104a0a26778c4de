import {Malformed} from '../../codec/octets.js';
import {type ResponseHead, responseFraming} from '../../codec/response-head.js';
import type {ResponseSink} from '../../upstream/sink.js';
import {Backlog} from '../downstream/backlog.js';
import type {Output} from '../downstream/output.js';
import type {Sending, Waiting} from '../downstream/sending.js';
import {switchedHead} from './switched-head.js';

/**
 * Octets that a backend may send on a stream before it is told that the client has taken them. It is what is
 * held of a response at the most while its client takes nothing; on a local link it is never waited for.
 *
 * It is not a round number: Node's server resets a stream in place of ending it, where the last octet of a body
 * has used up the window and nobody has read the request.
 */
export const streamWindow = 256 * 1024 - 531;

/** How many informational responses may come before the response. */
const mostInformational = 100;

/** The request that a stream carries. */
export interface StreamOwner {
	readonly method: string;
	/** For a WebSocket: Sec-WebSocket-Accept as its client expects it. */
	readonly acceptKey: string | undefined;
	readonly sink: ResponseSink;
	/** The backend has begun to answer. */
	begun(): void;
}

/** The connection of a stream, as the stream sees it. */
export interface StreamChannel {
	readonly output: Output;
	readonly sending: Sending;
	/** Both sides have ended the stream. */
	ended(stream: BackendStream): void;
}

/** One stream to a backend: a request, and what comes back. */
export class BackendStream implements Waiting {
	readonly id: number;
	readonly owner: StreamOwner;
	/** All of them share the connection evenly: by whom they are wanted more is for the clients' side to say. */
	readonly priority = {urgency: 3, incremental: true};
	/** Octets that the backend takes on this stream before it says more. */
	window: number;
	/** Whether the head of the response has come. */
	hasHead = false;
	/** Whether the backend has ended its side. */
	isRead = false;
	/** Whether the request is complete and has left. */
	isSent: boolean;
	/** Since when nobody is there for what comes, as `sweep` of the connection counts. */
	leavingSince: number | undefined;
	/** Whether its client has gone, while what it has sent is still to be delivered. */
	isLeft = false;
	readonly #channel: StreamChannel;
	readonly #backlog = new Backlog();
	#ending: {readonly trailers: Buffer | undefined} | undefined;
	#isAwaited = false;
	#informational = 0;
	/** Octets of the response's body to come, where it has said how many. */
	#left = Number.POSITIVE_INFINITY;
	#isTunnel = false;
	#isPaused = false;
	/** Octets that have come and that the backend has not been told to be taken. */
	#uncredited = 0;

	/**
	 * @param window octets that the backend takes at first
	 * @param isSent whether the request is its head and no more
	 */
	constructor(
		id: number,
		owner: StreamOwner,
		window: number,
		isSent: boolean,
		channel: StreamChannel,
	) {
		this.id = id;
		this.owner = owner;
		this.window = window;
		this.isSent = isSent;
		this.#channel = channel;
	}

	/** @returns whether more can be taken at once; if not, `drained` of the sink says when */
	write(bytes: Buffer): boolean {
		const sent = this.#backlog.length === 0 ? this.#send(bytes, bytes.length) : 0;
		if (sent < bytes.length) {
			this.#backlog.add(bytes, sent, bytes.length);
		} else if (!this.#channel.output.full) {
			return true;
		}
		this.#isAwaited = true;
		this.#channel.sending.wait(this);
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
		return this.#backlog.length === 0 || this.#channel.sending.allowance(this.window) > 0;
	}

	sendOn(most: number): boolean {
		if (this.#backlog.length > 0) {
			this.#backlog.drop(this.#send(this.#backlog.peek(), Math.min(this.#backlog.length, most)));
		}
		if (this.#backlog.length > 0) {
			return false;
		}
		if (this.#ending !== undefined) {
			this.#end(this.#ending.trailers);
		} else if (this.#isAwaited) {
			this.#isAwaited = false;
			this.owner.sink.drained();
		}
		return true;
	}

	/** Goes on after the sink has asked to wait. */
	resume(): void {
		this.#isPaused = false;
		this.#credit();
	}

	/** @throws Malformed */
	readHead(head: ResponseHead, endStream: boolean): void {
		this.owner.begun();
		if (head.status < 200) {
			this.#inform(head, endStream);
			return;
		}
		this.hasHead = true;
		const {sink, acceptKey, method} = this.owner;
		if (acceptKey !== undefined && head.status < 300) {
			this.#isTunnel = true;
			sink.switched(switchedHead(head, acceptKey));
		} else {
			const framing = responseFraming(head, method);
			if (endStream && typeof framing === 'number' && framing > 0) {
				throw new Malformed('its body has fewer octets than its content-length says');
			}
			this.#left = framing === 'close' ? this.#left : Number(framing);
			this.#pause(sink.respond(head, endStream ? 0 : framing, undefined));
		}
		if (endStream) {
			this.end(undefined);
		}
	}

	/**
	 * A DATA frame begins.
	 *
	 * @returns whether the backend may send that many octets
	 */
	accept(length: number): boolean {
		this.#uncredited += length;
		return this.#uncredited <= streamWindow;
	}

	/** @throws Malformed */
	readData(bytes: Buffer): void {
		if (!this.hasHead) {
			throw new Malformed('a body comes before its head');
		}
		if (this.isLeft) {
			return;
		}
		if (this.#isTunnel) {
			this.#pause(this.owner.sink.tunnelled(bytes));
			return;
		}
		this.#left -= bytes.length;
		if (this.#left < 0) {
			throw new Malformed('its body has more octets than its content-length says, or none may be');
		}
		this.#pause(this.owner.sink.body(bytes));
	}

	/** A DATA frame is complete. @throws Malformed */
	dataEnds(endStream: boolean): void {
		if (endStream) {
			this.end(undefined);
		} else {
			this.#credit();
		}
	}

	/** The backend has ended its side. @param tail its trailer section @throws Malformed */
	end(tail: Buffer | undefined): void {
		if (!this.hasHead) {
			throw new Malformed('it ends before its head');
		}
		if (!this.#isTunnel && Number.isFinite(this.#left) && this.#left > 0) {
			throw new Malformed('its body has fewer octets than its content-length says');
		}
		this.isRead = true;
		if (this.#isTunnel) {
			this.#endTunnel();
		} else {
			this.owner.sink.end(tail);
			this.#closeIfDone();
		}
	}

	/** The stream has been cut, or its connection is gone. @returns whether the sink has been told */
	cut(isProper: boolean): boolean {
		if (this.#isTunnel) {
			this.#tell(isProper ? 'gone' : 'broken');
			return true;
		}
		if (this.isRead) {
			// What the client still sends is for nobody.
			this.owner.sink.closed('gone');
		}
		return this.isRead;
	}

	#endTunnel(): void {
		this.#tell(this.isSent ? 'gone' : 'ended');
		this.#closeIfDone();
	}

	#tell(how: 'ended' | 'gone' | 'broken'): void {
		if (!this.isLeft) {
			this.owner.sink.closed(how);
		}
	}

	#inform(head: ResponseHead, endStream: boolean): void {
		if (head.status === 101 || endStream) {
			throw new Malformed(
				endStream ? 'it ends before its head' : 'it has status 101, which HTTP/2 has not',
			);
		}
		if (++this.#informational > mostInformational) {
			throw new Malformed(`it sent more than ${mostInformational} informational responses`);
		}
		this.owner.sink.inform(head);
	}

	#pause(goOn: boolean): void {
		this.#isPaused = !goOn;
	}

	/** Tells the backend what it may send again, when it is worth a frame. */
	#credit(): void {
		if (!this.#isPaused && !this.isRead && this.#uncredited * 2 >= streamWindow) {
			this.#channel.output.windowUpdate(this.id, this.#uncredited);
			this.#uncredited = 0;
		}
	}

	/** @returns how many octets could be sent */
	#send(bytes: Buffer, end: number): number {
		const {sending, output} = this.#channel;
		const length = Math.min(end, sending.allowance(this.window));
		if (length > 0) {
			this.window -= length;
			sending.spend(length);
			output.data(this.id, bytes, 0, length, false);
		}
		return length;
	}

	#end(trailers: Buffer | undefined): void {
		this.isSent = true;
		if (trailers === undefined) {
			this.#channel.output.end(this.id);
		} else {
			this.#channel.output.headers(this.id, trailers, true, 0);
		}
		if (this.isRead && this.#isTunnel) {
			this.#tell('gone');
		}
		this.#closeIfDone();
	}

	#closeIfDone(): void {
		if (this.isRead && this.isSent) {
			this.#channel.ended(this);
		}
	}
}
