import type {Socket} from 'node:net';
import type {Readable} from 'node:stream';
import type {RawHeaders} from '../headers.js';
import type {Fields} from './fields.js';

/** The head of a response, ready to send: end-to-end fields only. */
export interface ResponseHead {
	readonly status: number;
	/** Reason phrase; HTTP/2 has none and drops it. */
	readonly reason: string;
	/** Given away: whoever sends them may add to them. */
	readonly headers: string[];
	/** Whether the body came chunked, so that trailers may follow it. */
	readonly chunked: boolean;
	/** Whether a Trailer field is among the headers. */
	readonly announces: boolean;
	/** Whether a connection of HTTP/1.1 is to carry no other request; not, when left out. */
	readonly last?: boolean;
}

/** The client's side of one exchange, whichever version of HTTP it speaks. */
export interface Downstream {
	readonly version: 'HTTP/1.0' | 'HTTP/1.1' | 'HTTP/2';
	readonly method: string;
	/** The request target as it was sent. */
	readonly target: string;
	/** Every Host and `:authority` value. */
	readonly hosts: readonly string[];
	/** Fields as they came, Host first over HTTP/2 and without pseudo-header fields. */
	readonly headers: RawHeaders;
	/** The same, sorted. */
	readonly fields: Fields;
	/** The client's address. */
	readonly address: string;
	/** The request's body, or `undefined` when none follows. */
	readonly body: Readable | undefined;
	/** Trailer fields of the request, complete once the body has ended. */
	trailers(): RawHeaders;

	/** Status of the response whose head has been sent; `undefined` until then. */
	readonly status: number | undefined;
	/** Sends an informational response (RFC 9110 section 15.2); does nothing where none may be sent. */
	inform(status: number, reason: string, headers: RawHeaders): void;
	/** Sends the response's head: with what of its body is written before the next tick, or by then. */
	respond(head: ResponseHead): void;
	/** Sends a piece of the body. Returns whether the client keeps up. */
	write(chunk: Buffer): boolean;
	/** Calls back once when the client has caught up. */
	onDrain(callback: () => void): void;
	/** Ends the response, with trailer fields where the client can take them. */
	end(trailers: RawHeaders): void;
	/** Breaks off, so that the client sees a response that was cut short, never a complete one. */
	cut(): void;
	/** Calls back once when the exchange is over: `complete` tells whether the client got all of it. */
	onOver(callback: (complete: boolean) => void): void;

	/** Switches to a tunnel after the backend's 101; `undefined` when the client asked for none. */
	readonly upgrade: Upgrade | undefined;
}

/** What a client hands over that asked for another protocol on its connection. */
export interface Upgrade {
	/**
	 * Sends the backend's 101 with its fields as they are, and gives the connection away: whoever takes
	 * it reads from it at once.
	 */
	accept(reason: string, headers: RawHeaders): Socket;
	/** Bytes that have come behind the request so far: they belong into the tunnel. */
	readonly early: Buffer;
}
