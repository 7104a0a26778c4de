import {Malformed} from '../../codec/octets.js';
import {type ResponseHead, responseFraming} from '../../codec/response-head.js';
import type {ResponseSink} from '../../upstream/sink.js';
import type {Output} from '../output/output.js';
import type {Sending} from '../output/sending.js';
import {OutgoingBody} from './outgoing-body.js';
import {ReceiveWindow} from './receive-window.js';
import {switchedHead} from './switched-head.js';

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
export interface StreamChannel<Owner extends StreamOwner = StreamOwner> {
	readonly output: Output;
	readonly sending: Sending;
	/** Both sides have ended the stream. */
	ended(stream: BackendStream<Owner>): void;
}

/** One stream to a backend: a request, and what comes back. */
export class BackendStream<Owner extends StreamOwner = StreamOwner> {
	readonly id: number;
	readonly owner: Owner;
	/** What of the request is behind its head. */
	readonly body: OutgoingBody;
	readonly received: ReceiveWindow;
	/** Whether the head of the response has come. */
	hasHead = false;
	/** Whether the backend has ended its side. */
	isRead = false;
	/** Whether its client has gone, while what it has sent is still to be delivered. */
	isLeft = false;
	readonly #channel: StreamChannel<Owner>;
	#informational = 0;
	/** Octets of the response's body to come, where it has said how many. */
	#left = Number.POSITIVE_INFINITY;
	#isTunnel = false;

	/**
	 * @param window octets that the backend takes at first
	 * @param isSent whether the request is its head and no more
	 */
	constructor(
		id: number,
		owner: Owner,
		window: number,
		isSent: boolean,
		channel: StreamChannel<Owner>,
	) {
		this.id = id;
		this.owner = owner;
		this.#channel = channel;
		this.body = new OutgoingBody(
			{id, window, isSent},
			channel,
			() => owner.sink.drained(),
			() => this.#sent(),
		);
		this.received = new ReceiveWindow(octets => channel.output.windowUpdate(id, octets));
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
			if (endStream && framing !== 'close' && framing !== 0) {
				throw new Malformed('its body has fewer octets than its content-length says');
			}
			this.#left = framing === 'close' ? this.#left : Number(framing);
			this.received.pause(sink.respond(head, endStream ? 0 : framing, undefined, !endStream));
			if (acceptKey !== undefined) {
				// There will be no tunnel, and nothing else was to be sent.
				this.body.finish(undefined);
			}
		}
		if (endStream) {
			this.end(undefined);
		}
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
			this.received.pause(this.owner.sink.tunnelled(bytes));
			return;
		}
		this.#left -= bytes.length;
		if (this.#left < 0) {
			throw new Malformed('its body has more octets than its content-length says, or none may be');
		}
		this.received.pause(this.owner.sink.body(bytes));
	}

	/** A DATA frame is complete. @throws Malformed */
	dataEnds(endStream: boolean): void {
		if (endStream) {
			this.end(undefined);
		} else {
			this.received.settle();
		}
	}

	/** The backend has ended its side. @param tail its trailer section @throws Malformed */
	end(tail: Buffer | undefined): void {
		if (!this.hasHead) {
			throw new Malformed('it ends before its head');
		}
		if (Number.isFinite(this.#left) && this.#left > 0) {
			throw new Malformed('its body has fewer octets than its content-length says');
		}
		this.isRead = true;
		// The sink may end the request in turn.
		const isFirst = !this.body.isSent;
		if (this.#isTunnel) {
			this.#tell(isFirst ? 'ended' : 'gone');
		} else {
			this.owner.sink.end(tail);
		}
		if (!isFirst) {
			this.#channel.ended(this);
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

	/** The last of the request has left. */
	#sent(): void {
		if (!this.isRead) {
			return;
		}
		if (this.#isTunnel) {
			this.#tell('gone');
		}
		this.#channel.ended(this);
	}

	#tell(how: 'ended' | 'gone' | 'broken'): void {
		if (!this.isLeft) {
			this.owner.sink.closed(how);
		}
	}

	#inform(head: ResponseHead, endStream: boolean): void {
		if (endStream) {
			throw new Malformed('it ends before its head');
		}
		if (head.status === 101) {
			throw new Malformed('it has status 101, which HTTP/2 has not');
		}
		if (++this.#informational > mostInformational) {
			throw new Malformed(`it sent more than ${mostInformational} informational responses`);
		}
		this.owner.sink.inform(head);
	}
}
