import {ProxyError} from '../../../errors.js';
import {answerFor} from '../../failure.js';
import {rawHeaders} from '../codec/fields.js';
import type {ResponseHead} from '../codec/response-head.js';
import type {WireContext} from '../context.js';
import type {Plan} from '../plan.js';
import {UpstreamRequest} from '../upstream/request.js';
import type {ResponseSink} from '../upstream/sink.js';
import type {Prepared} from './prepared.js';
import {answerHead, responseHead} from './response-text.js';

/** The connection of an exchange's client, as the exchange sees it. */
export interface Channel {
	/** Whether the connection is to be closed once this response is sent. */
	readonly last: boolean;
	/** @returns whether to go on; the bytes are valid only during the call */
	write(bytes: Buffer): boolean;
	/** Writes both at once. */
	writeBoth(head: Buffer, bytes: Buffer): boolean;
	/** More of the request may be read. */
	resume(): void;
	/** From now on, bytes are passed both ways. */
	tunnel(): void;
	/** Ends the writing side, within a tunnel. */
	end(): void;
	/** The response is complete. */
	over(): void;
	/** Breaks off, so that the client sees that something is missing. */
	cut(): void;
	/** The response is complete, and the connection can carry no other. */
	close(): void;
}

const replayable = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
const chunkEnd = Buffer.from('\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');

/** One request of an HTTP/1.1 client and its response. */
export class Exchange implements ResponseSink {
	readonly #prepared: Prepared;
	readonly #channel: Channel;
	readonly #context: WireContext;
	readonly #started = performance.now();
	#request: UpstreamRequest | undefined;
	#status: number | undefined;
	#failure: ProxyError | undefined;
	/** Whether the body is put into chunks here. */
	#chunks = false;
	/** Whether the end of the connection is the end of the body. */
	#closes = false;
	#isOver = false;

	constructor(prepared: Prepared, channel: Channel, context: WireContext) {
		this.#prepared = prepared;
		this.#channel = channel;
		this.#context = context;
	}

	/**
	 * Dials and forwards.
	 *
	 * @param body what has come of the request's body with its head
	 * @param complete whether that is all of it
	 */
	start(body: Buffer | undefined, complete: boolean): void {
		const {plan, head} = this.#prepared;
		const draining = this.#context.draining();
		if (draining || plan instanceof ProxyError) {
			this.fail(draining ? drainingError() : (plan as ProxyError));
			return;
		}
		const hasBody = head.framing !== 'none' && head.framing !== 0;
		this.#request = new UpstreamRequest(this.#outgoing(plan, hasBody), this.#context.clock, this);
		this.#request.start(body, complete);
	}

	#outgoing(plan: Plan, hasBody: boolean) {
		const {method, minor} = this.#prepared.head;
		return {
			head: plan.head,
			method,
			pool: this.#context.pools.of(plan.backend),
			replayable: !hasBody && replayable.has(method),
			unchunk: minor === 0,
		};
	}

	/** More of the request's body, or of what goes into the tunnel. @returns whether to go on */
	send(bytes: Buffer): boolean {
		return this.#request?.write(bytes) ?? true;
	}

	/** The request is complete. */
	finishRequest(): void {
		this.#request?.finish();
	}

	endTunnel(): void {
		this.#request?.endTunnel();
	}

	/** The client takes more again. */
	resume(): void {
		this.#request?.resume();
	}

	/** The client has left, or has sent what cannot be forwarded: the backend is let go of. */
	abandon(failure?: ProxyError): void {
		const isTunnel = this.#status === 101;
		isTunnel ? this.#request?.closeTunnel() : this.#request?.abort();
		this.#failure ??= failure;
		this.#finish(isTunnel);
	}

	get responding(): boolean {
		return this.#status !== undefined;
	}

	inform(head: ResponseHead): void {
		if (this.#prepared.head.minor === 1) {
			this.#channel.write(responseHead(head, {framing: 0, minor: 1, last: false}));
		}
	}

	respond(
		head: ResponseHead,
		framing: number | 'chunked' | 'close',
		bytes: Buffer | undefined,
	): boolean {
		const {minor} = this.#prepared.head;
		this.#status = head.status;
		this.#chunks = framing === 'close' && minor === 1;
		this.#closes = minor === 0 && typeof framing !== 'number';
		const last = this.#closes || this.#channel.last;
		const text = responseHead(head, {framing, minor, last});
		if (bytes === undefined) {
			return this.#channel.write(text);
		}
		if (this.#chunks) {
			this.#channel.write(text);
			return this.body(bytes);
		}
		return this.#channel.writeBoth(text, bytes);
	}

	body(bytes: Buffer): boolean {
		if (!this.#chunks) {
			return this.#channel.write(bytes);
		}
		this.#channel.writeBoth(Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes);
		return this.#channel.write(chunkEnd);
	}

	end(tail: Buffer | undefined): void {
		const rest = this.#chunks ? lastChunk : tail;
		if (rest !== undefined) {
			this.#channel.write(rest);
		}
		this.#finish(true);
		this.#closes ? this.#channel.close() : this.#channel.over();
	}

	switched(head: ResponseHead): void {
		if (!this.#prepared.head.upgrade) {
			const message = 'the backend switched protocols without having been asked to';
			this.#request?.abort();
			this.fail(new ProxyError('backend-malformed', 'upstream', message));
			return;
		}
		this.#status = 101;
		this.#channel.write(head.bytes);
		this.#channel.tunnel();
	}

	tunnelled(bytes: Buffer): boolean {
		return this.#isOver || this.#channel.write(bytes);
	}

	closed(how: 'ended' | 'gone' | 'broken'): void {
		if (how === 'ended') {
			this.#channel.end();
			return;
		}
		this.#finish(true);
		how === 'gone' ? this.#channel.close() : this.#channel.cut();
	}

	drained(): void {
		this.#channel.resume();
	}

	fail(error: ProxyError): void {
		this.#failure ??= error;
		if (this.#status !== undefined) {
			this.#finish(false);
			this.#channel.cut();
			return;
		}
		const {head} = this.#prepared;
		const answer = answerFor(error, {
			method: head.method,
			headers: rawHeaders(head.bytes, head.fields),
		});
		const {last} = this.#channel;
		this.#status = answer.status;
		const body = head.method === 'HEAD' ? Buffer.alloc(0) : answer.body;
		this.#channel.writeBoth(answerHead(answer, last), body);
		this.#finish(true);
		this.#channel.over();
	}

	#finish(complete: boolean): void {
		if (this.#isOver) {
			return;
		}
		this.#isOver = true;
		const {head, plan} = this.#prepared;
		this.#context.report({
			version: head.minor === 1 ? 'HTTP/1.1' : 'HTTP/1.0',
			method: head.method,
			target: head.target,
			host: plan instanceof ProxyError ? '' : plan.authority.text,
			status: this.#status,
			complete,
			milliseconds: performance.now() - this.#started,
			failure: this.#failure,
		});
	}
}

function drainingError(): ProxyError {
	return new ProxyError('draining', 'internal', 'Sealport is shutting down');
}
