import type {ProxyError} from '../../../../errors.js';
import type {BackendRequest, Outgoing} from '../../upstream/backend-request.js';
import type {ResponseSink} from '../../upstream/sink.js';
import {Backlog} from '../output/backlog.js';
import {trailersBlock} from '../response.js';
import type {BackendConnection} from './connection.js';
import {refused} from './failures.js';
import {requestBlock} from './request-block.js';
import type {SharedConnections} from './shared.js';
import type {Passenger, PassengerStream, Repeatable} from './streams.js';

/** Octets of a body that are kept so that a request which the backend has not touched can be sent once more. */
const mostKept = 64 * 1024;

/** How often a backend may refuse it: that may be for good. */
const mostRefusals = 3;

/**
 * One request to a backend that speaks HTTP/2, on a stream of a connection that others share. It is sent once
 * more when the backend says that it has done nothing with it (RFC 9113 section 8.7), and where the connection
 * is lost before anything has come back, if its method allows that: while the backend restarts, it waits.
 */
export class SharedRequest implements BackendRequest, Passenger {
	readonly method: string;
	readonly acceptKey: string | undefined;
	readonly sink: ResponseSink;
	readonly #shared: SharedConnections;
	readonly #replayable: boolean;
	readonly #block: Buffer;
	#connection: BackendConnection | undefined;
	#stream: PassengerStream | undefined;
	/** What has come of the body; once it is on its way, only while it may be sent again. */
	readonly #kept = new Backlog();
	#isKept = true;
	/** All of the request has been handed over. */
	#ending: {readonly trailers: Buffer | undefined} | undefined;
	#hasBegun = false;
	#isOver = false;
	#refusals = 0;
	#lostSince: number | undefined;

	constructor(shared: SharedConnections, outgoing: Outgoing, sink: ResponseSink) {
		const {block, acceptKey} = requestBlock(outgoing.head);
		this.method = outgoing.method;
		this.acceptKey = acceptKey;
		this.sink = sink;
		this.#shared = shared;
		this.#replayable = outgoing.replayable;
		this.#block = block;
	}

	start(body: Buffer | undefined, complete: boolean): void {
		if (body !== undefined) {
			this.#kept.add(body, 0, body.length);
		}
		// What opens a tunnel is complete and goes on.
		if (complete && this.acceptKey === undefined) {
			this.#ending = {trailers: undefined};
		}
		this.#shared.place(this);
	}

	/** Sends what there is by now on a connection that has room for it. */
	use(connection: BackendConnection): void {
		const ending = this.#ending;
		const isBare = this.#kept.length === 0 && ending !== undefined && ending.trailers === undefined;
		this.#connection = connection;
		const stream = connection.open(this, this.#block, isBare);
		this.#stream = stream;
		if (isBare) {
			return;
		}
		const takesMore = this.#kept.length === 0 || stream.body.write(this.#kept.peek());
		this.#keep(0);
		if (ending !== undefined) {
			stream.body.finish(ending.trailers);
		} else if (takesMore) {
			this.sink.drained();
		}
	}

	write(bytes: Buffer): boolean {
		if (this.#isOver) {
			return true;
		}
		if (this.#stream === undefined || this.#keep(bytes.length)) {
			this.#kept.add(bytes, 0, bytes.length);
		}
		return this.#stream?.body.write(bytes) ?? false;
	}

	finish(trailers = ''): void {
		const block =
			trailers === '' ? undefined : trailersBlock(Buffer.from(`${trailers}\r\n`, 'latin1'));
		this.#ending = {trailers: block};
		this.#stream?.body.finish(block);
	}

	resume(): void {
		this.#stream?.received.resume();
	}

	endTunnel(): void {
		this.finish();
	}

	closeTunnel(): void {
		this.#isOver = true;
		if (this.#stream !== undefined) {
			this.#stream.isLeft = true;
			this.#stream.body.finish(undefined);
		}
	}

	abort(): void {
		this.#isOver = true;
		this.#forgetBody();
		this.#shared.forget(this);
		if (this.#stream !== undefined) {
			this.#connection?.cancel(this.#stream);
		}
	}

	begun(): void {
		this.#hasBegun = true;
		this.#forgetBody();
	}

	lost(error: ProxyError, repeatable: Repeatable): void {
		if (this.#isOver) {
			return;
		}
		this.#stream = undefined;
		this.#connection = undefined;
		const mayRepeat = repeatable === 'any' || (repeatable === 'harmless' && this.#replayable);
		if (!mayRepeat || this.#hasBegun || !this.#isKept) {
			this.fail(error);
		} else if (repeatable === 'harmless') {
			this.#lostSince ??= performance.now();
			this.#shared.place(this, this.#lostSince);
		} else if (++this.#refusals > mostRefusals) {
			this.fail(refused(this.#shared.backend));
		} else {
			this.#shared.place(this, this.#lostSince);
		}
	}

	/** There is no response. */
	fail(error: ProxyError): void {
		this.#isOver = true;
		this.#forgetBody();
		this.sink.fail(error);
	}

	/** @returns whether so many octets more of the body are to be kept */
	#keep(length: number): boolean {
		if (this.#isKept && this.#kept.length + length > mostKept) {
			this.#forgetBody();
		}
		return this.#isKept;
	}

	#forgetBody(): void {
		this.#isKept = false;
		this.#kept.clear();
	}
}
