import {ProxyError} from '../../../errors.js';
import {replayable} from '../../replayable.js';
import {Account} from '../account.js';
import {latin1} from '../codec/octets.js';
import {type ResponseHead, responseFraming} from '../codec/response-head.js';
import type {WireContext} from '../context.js';
import type {BackendRequest, Outgoing} from '../upstream/backend-request.js';
import {openRequest} from '../upstream/open-request.js';
import type {ResponseSink} from '../upstream/sink.js';
import {writeAnswer} from './answer.js';
import type {Outlet} from './outlet.js';
import type {Prepared} from './prepared.js';
import {responseHead} from './response-text.js';

/** The connection of an exchange's client, as the exchange sees it. */
export interface Channel {
	readonly outlet: Outlet;
	/** Whether the connection is to be closed once this response is sent. */
	readonly last: boolean;
	/** Whether the request is still incomplete. */
	readonly uploading: boolean;
	/** More of the request may be read. */
	resume(): void;
	/** From now on, bytes are passed both ways. */
	tunnel(): void;
	/** The response is complete. */
	over(): void;
}

const chunkEnd = Buffer.from('\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

/** One request of an HTTP/1.1 client and its response. */
export class Exchange implements ResponseSink {
	readonly #prepared: Prepared;
	readonly #channel: Channel;
	readonly #outlet: Outlet;
	readonly #context: WireContext;
	readonly #account: Account;
	#request: BackendRequest | undefined;
	/** Whether the body is put into chunks here. */
	#chunks = false;
	/** Whether what comes behind the body is written: not to HTTP/1.0, nor behind a body that has a length. */
	#passesTail = false;
	/** Whether the connection is closed behind the response, because of the response. */
	#closes = false;

	constructor(prepared: Prepared, channel: Channel, context: WireContext) {
		this.#prepared = prepared;
		this.#channel = channel;
		this.#outlet = channel.outlet;
		this.#context = context;
		this.#account = new Account(prepared.requested, context.report);
	}

	/**
	 * Dials and forwards.
	 *
	 * @param body what has come of the request's body with its head
	 * @param complete whether that is all of it
	 */
	start(body: Buffer | undefined, complete: boolean): void {
		const {plan} = this.#prepared;
		const draining = this.#context.draining();
		if (draining || plan instanceof ProxyError) {
			this.fail(draining ? drainingError() : (plan as ProxyError));
			return;
		}
		this.#request = openRequest(plan, this.#outgoing(), this.#context, this);
		this.#request.start(body, complete);
	}

	#outgoing(): Outgoing {
		const {head, outgoing} = this.#prepared;
		return {
			head: outgoing,
			method: head.method,
			replayable: replayable.has(head.method),
			chunk: false,
			unchunk: head.minor === 0,
		};
	}

	/** Whether the client wants to speak another protocol. */
	get asksForUpgrade(): boolean {
		return this.#prepared.head.upgrade;
	}

	/** More of the request's body, or of what goes into the tunnel. @returns whether to go on */
	send(bytes: Buffer): boolean {
		return this.#request?.write(bytes) ?? true;
	}

	/**
	 * The request is complete.
	 *
	 * @param tail what is behind its body; where the chunks are taken off, its trailer section
	 * @returns whether the response is complete, too
	 */
	finishRequest(tail: Buffer | undefined): boolean {
		if (tail !== undefined && !this.#prepared.unchunks) {
			this.send(tail);
		}
		this.#request?.finish(this.#prepared.unchunks ? linesOf(tail) : '');
		return this.#account.isClosed;
	}

	endTunnel(): void {
		this.#request?.endTunnel();
	}

	/** The client takes more again. */
	resume(): void {
		this.#request?.resume();
	}

	/** The client has left: the backend is let go of. */
	abandon(): void {
		const isTunnel = this.#account.status === 101;
		isTunnel ? this.#request?.closeTunnel() : this.#request?.abort();
		this.#account.close(isTunnel);
	}

	/** The client has sent what cannot be forwarded, or sends nothing: nothing after it can be told apart. */
	refuse(error: ProxyError): void {
		this.#request?.abort();
		if (this.#account.isClosed) {
			this.#outlet.close();
		} else {
			this.fail(error, true);
		}
	}

	inform(head: ResponseHead): void {
		if (this.#prepared.head.minor === 1) {
			this.#outlet.write(responseHead(head, {framing: 0, minor: 1, last: false}));
		}
	}

	respond(
		head: ResponseHead,
		framed: number | 'chunked' | 'close',
		bytes: Buffer | undefined,
	): boolean {
		const {minor, method} = this.#prepared.head;
		this.#account.status = head.status;
		// A backend that speaks HTTP/2 may say by its head that no body follows, which HTTP/1.1 cannot.
		const framing = framed === 0 ? responseFraming(head, method) : framed;
		this.#chunks = framing === 'close' && minor === 1;
		this.#passesTail = framing === 'chunked' && minor === 1;
		// A backend that has heard enough and closes is not to be sent the rest.
		const isEnough = this.#channel.uploading && !head.persistent;
		this.#closes = isEnough || (minor === 0 && typeof framing !== 'number');
		const last = this.#closes || this.#channel.last;
		const text = responseHead(head, {framing, minor, last});
		if (bytes === undefined) {
			return this.#outlet.write(text);
		}
		if (this.#chunks) {
			this.#outlet.write(text);
			return this.body(bytes);
		}
		return this.#outlet.writeBoth(text, bytes);
	}

	body(bytes: Buffer): boolean {
		if (!this.#chunks) {
			return this.#outlet.write(bytes);
		}
		this.#outlet.writeBoth(Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes);
		return this.#outlet.write(chunkEnd);
	}

	end(tail: Buffer | undefined): void {
		if (this.#chunks) {
			this.#outlet.write(lastChunkWith(tail));
		} else if (tail !== undefined && this.#passesTail) {
			this.#outlet.write(tail);
		}
		this.#account.close(true);
		this.#closes ? this.#outlet.close() : this.#channel.over();
	}

	switched(head: ResponseHead): void {
		if (!this.#prepared.head.upgrade) {
			const message = 'the backend switched protocols without having been asked to';
			this.#request?.abort();
			this.fail(new ProxyError('backend-malformed', 'upstream', message));
			return;
		}
		this.#account.status = 101;
		this.#outlet.write(head.bytes);
		this.#channel.tunnel();
	}

	tunnelled(bytes: Buffer): boolean {
		return this.#account.isClosed || this.#outlet.write(bytes);
	}

	closed(how: 'ended' | 'gone' | 'broken'): void {
		if (this.#account.isClosed) {
			if (this.#channel.uploading) {
				this.#outlet.close();
			}
			return;
		}
		if (how === 'ended') {
			this.#outlet.end();
			return;
		}
		this.#account.close(how === 'gone');
		how === 'gone' ? this.#outlet.close() : this.#outlet.cut();
	}

	drained(): void {
		this.#channel.resume();
	}

	fail(error: ProxyError, isFinal = false): void {
		this.#account.fail(error);
		if (this.#account.status !== undefined) {
			this.#account.close(false);
			this.#outlet.cut();
			return;
		}
		const {head} = this.#prepared;
		// The rest of a request that is incomplete is for nobody, and what follows an upgrade is no request.
		const isRead = !isFinal && !this.#channel.uploading && !head.upgrade;
		const last = this.#channel.last || head.minor === 0 || !isRead;
		this.#account.status = writeAnswer(this.#outlet, error, head, last);
		this.#account.close(true);
		last ? this.#outlet.close() : this.#channel.over();
	}
}

function drainingError(): ProxyError {
	return new ProxyError('draining', 'internal', 'Sealport is shutting down');
}

/** @param trailers field lines and an empty line */
function lastChunkWith(trailers: Buffer | undefined): Buffer {
	return trailers === undefined ? lastChunk : Buffer.concat([lastChunk.subarray(0, 3), trailers]);
}

/** The field lines of a trailer section, without the empty line. */
function linesOf(trailers: Buffer | undefined): string {
	return trailers === undefined ? '' : latin1(trailers, 0, trailers.length - 2);
}
