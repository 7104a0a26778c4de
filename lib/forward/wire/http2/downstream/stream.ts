import {ProxyError} from '../../../../errors.js';
import {malformed} from '../../../backend-failure.js';
import {Account} from '../../account.js';
import type {ResponseHead} from '../../codec/response-head.js';
import {editLines} from '../../plan.js';
import type {BackendRequest} from '../../upstream/backend-request.js';
import {openRequest} from '../../upstream/open-request.js';
import type {ResponseSink} from '../../upstream/sink.js';
import {type ErrorCode, errorCode, StreamError} from '../framing/errors.js';
import {readPriority} from '../priority.js';
import {responseBlock, trailersBlock} from '../response.js';
import {answerTo} from './answer.js';
import type {Channel} from './channel.js';
import {Download, type Source} from './download.js';
import type {Prepared} from './prepared.js';
import {tunnelBlock} from './tunnel.js';
import {Upload} from './upload.js';

const notAsked = 'switched protocols without having been asked to';
const notOpened = 'did not open the WebSocket that it was asked for';

/** One stream of a client: its request, and the response. */
export class Stream implements ResponseSink, Source {
	readonly id: number;
	readonly download: Download;
	/** Whether the client has ended its side. */
	isRead: boolean;
	readonly #prepared: Prepared;
	readonly #channel: Channel;
	readonly #account: Account;
	#request: BackendRequest | undefined;
	#upload: Upload | undefined;
	/** Octets of the request's body that are to come, where it has said how many. */
	#due: number | undefined;
	/** Whether nobody is there for the rest of the request once the response has left. */
	#closesEarly = false;
	/** When the client is told so, on the lane's clock (RFC 9113 section 8.1). */
	#leaveAt = Number.POSITIVE_INFINITY;
	#isTunnel = false;
	/** Whether the client has ended its side of a tunnel before that was open. */
	#endsEarly = false;
	/** Since when the client has not sent what it still owes, on the lane's clock. */
	#quietSince: number;

	/**
	 * @param window octets that the client takes at first
	 * @param complete whether the request has no body
	 */
	constructor(id: number, prepared: Prepared, complete: boolean, window: number, channel: Channel) {
		this.id = id;
		this.isRead = complete;
		this.#prepared = prepared;
		const priority = readPriority(prepared.priority);
		this.download = new Download(id, window, priority, channel, this);
		this.#due = prepared.contentLength;
		this.#channel = channel;
		this.#account = new Account(prepared.requested, channel.context.report);
		this.#quietSince = channel.context.clock.now;
	}

	/** Dials and forwards. */
	start(): void {
		const {plan, outgoing} = this.#prepared;
		if (plan instanceof ProxyError) {
			this.fail(plan);
			return;
		}
		const request = openRequest(plan, outgoing, this.#channel.context, this);
		this.#request = request;
		this.#endsEarly = this.isRead;
		if (!this.isRead) {
			const finish = (trailers: string) =>
				this.isConnect ? this.#endTunnel() : request.finish(editLines(trailers, plan.edits));
			this.#upload = new Upload(
				{write: bytes => request.write(bytes), finish},
				{
					credit: octets => this.#channel.output.windowUpdate(this.id, octets),
					gather: () => this.#channel.gather(this),
				},
				this.isConnect,
			);
		}
		request.start(undefined, this.isRead || this.isConnect);
	}

	/** Whether it is, or is to be, a tunnel, in which there is nothing but DATA (RFC 9113 section 8.5). */
	get isConnect(): boolean {
		return this.#prepared.acceptKey !== undefined;
	}

	/** A frame with so many octets of the request's body begins. @returns whether the client may send it */
	accept(length: number): boolean {
		return this.#upload?.accept(length) ?? true;
	}

	/** @returns whether that is no more than the request has announced */
	receive(bytes: Buffer, start: number, end: number): boolean {
		this.#quietSince = this.#channel.context.clock.now;
		if (this.#due !== undefined) {
			this.#due -= end - start;
			if (this.#due < 0) {
				return false;
			}
		}
		this.#upload?.write(bytes, start, end);
		return true;
	}

	/** All that came in one read is there. */
	gathered(): void {
		this.#upload?.gathered();
	}

	/** A frame of the body is complete. */
	settle(): void {
		this.#upload?.settle();
	}

	/**
	 * The client has ended its side.
	 *
	 * @param trailers field lines
	 * @returns whether that is all that the request has announced
	 */
	endRequest(trailers: string): boolean {
		if (this.#due !== undefined && this.#due !== 0) {
			return false;
		}
		this.isRead = true;
		this.#upload?.finish(trailers);
		this.#endIfDone();
		return true;
	}

	/** The stream is closed, by whomever: the backend is let go of. */
	abandon(): void {
		if (this.#isTunnel) {
			this.#upload?.handOver();
			this.#request?.closeTunnel();
		} else {
			this.#request?.abort();
		}
		this.#upload = undefined;
		this.download.abandon();
		this.#account.close(false);
	}

	/** Ends what waits for a client that sends nothing, or takes nothing on this stream. */
	check(now: number): void {
		if (now >= this.#leaveAt) {
			this.#channel.resetStream(this.id, errorCode.noError);
			return;
		}
		const {limits, clock} = this.#channel.context;
		if (this.download.isHeld && now >= this.download.progressed + limits.idle + clock.tick) {
			this.#channel.resetStream(this.id, errorCode.enhanceYourCalm);
			return;
		}
		if (this.isRead || this.#isTunnel || now < this.#quietSince + limits.idle + clock.tick) {
			return;
		}
		if (this.#isForHttp2 && !this.download.isSent) {
			// Calls of gRPC may be silent for as long as they like.
			return;
		}
		if (this.download.isSent) {
			this.#channel.resetStream(this.id, errorCode.noError);
		} else if (this.#account.status === undefined) {
			this.#request?.abort();
			this.fail(this.#upload?.isBlocked ? unread() : slow());
		}
	}

	resume(): void {
		this.#request?.resume();
	}

	sent(): void {
		this.#account.close(true);
		this.#endIfDone();
	}

	inform(head: ResponseHead): void {
		this.#channel.sendHeaders(this.id, responseBlock(head), false);
	}

	respond(
		head: ResponseHead,
		framing: number | 'chunked' | 'close',
		bytes: Buffer | undefined,
		isOpen = false,
	): boolean {
		if (this.isConnect && head.status < 300) {
			// Passed on, it would tell the client that its WebSocket is open (RFC 8441 section 5).
			throw this.#malformed(notOpened);
		}
		this.#account.status = head.status;
		this.#closesEarly = !this.isRead && !head.persistent;
		const isLast = typeof framing === 'number' && !isOpen;
		this.download.begin(responseBlock(head), isLast ? framing : undefined);
		return bytes === undefined || this.body(bytes);
	}

	body(bytes: Buffer): boolean {
		return this.download.write(bytes);
	}

	end(tail: Buffer | undefined): void {
		this.download.end(tail === undefined ? undefined : trailersBlock(tail));
	}

	switched(head: ResponseHead): void {
		const {acceptKey} = this.#prepared;
		const block = acceptKey === undefined ? undefined : tunnelBlock(head, acceptKey);
		if (block === undefined) {
			this.#request?.abort();
			this.fail(this.#malformed(acceptKey === undefined ? notAsked : notOpened));
			return;
		}
		this.#account.status = 200;
		this.#isTunnel = true;
		this.download.begin(block);
		this.#upload?.drained();
		if (this.#endsEarly) {
			this.#request?.endTunnel();
		}
	}

	tunnelled(bytes: Buffer): boolean {
		return this.#account.isClosed || this.body(bytes);
	}

	closed(how: 'ended' | 'gone' | 'broken'): void {
		if (this.#isTunnel && how !== 'broken') {
			if (!this.#account.isClosed) {
				this.download.end();
			}
			if (how === 'gone' && this.download.isSent) {
				this.#channel.resetStream(this.id, errorCode.noError);
			}
		} else if (this.#isTunnel) {
			// As RFC 8441 section 5 has it.
			this.#channel.resetStream(this.id, errorCode.cancel);
		} else {
			this.#closesEarly = true;
			this.#endIfDone();
		}
	}

	drained(): void {
		// To a backend that has not agreed to a tunnel, what is for the tunnel would be another request.
		if (this.#isTunnel || !this.isConnect) {
			this.#upload?.drained();
		}
	}

	fail(error: ProxyError): void {
		this.#account.fail(error);
		if (this.#account.status !== undefined) {
			this.#channel.resetStream(this.id, codeFor(error));
			return;
		}
		this.#request = undefined;
		this.#upload = undefined;
		const {block, body, status} = answerTo(error, this.#prepared);
		this.#account.status = status;
		this.#closesEarly = true;
		this.download.begin(block, body.length);
		this.download.write(body);
		this.download.end();
	}

	/** The client has ended its side of a tunnel, be it open yet or not. */
	#endTunnel(): void {
		if (this.#isTunnel) {
			this.#request?.endTunnel();
		} else {
			this.#endsEarly = true;
		}
	}

	/** @param what the backend did */
	#malformed(what: string): ProxyError {
		const {plan} = this.#prepared;
		return plan instanceof ProxyError ? plan : malformed(plan.backend, what);
	}

	get #isForHttp2(): boolean {
		const {plan} = this.#prepared;
		return !(plan instanceof ProxyError) && plan.backend.protocol === 'h2c';
	}

	#endIfDone(): void {
		if (!this.#account.isClosed || !this.download.isSent) {
			return;
		}
		if (this.isRead) {
			this.#upload?.handOver();
			if (this.#isTunnel) {
				this.#request?.closeTunnel();
			}
			this.#channel.ended(this.id);
		} else if (this.#closesEarly) {
			// Not at once: clients in the midst of sending, curl 7.88 among them, would throw the response away.
			const {now, tick} = this.#channel.context.clock;
			this.#leaveAt = Math.min(this.#leaveAt, now + 1.5 * tick);
		}
	}
}

function slow(): ProxyError {
	const message = 'the body of the request stands still';
	return new ProxyError('head-timeout', 'downstream', message);
}

function unread(): ProxyError {
	const message = 'the backend takes nothing more of what the client sends';
	return new ProxyError('backend-timeout', 'upstream', message);
}

/** What a backend that speaks HTTP/2 has said itself; but not that all is well, which would make a whole of a part. */
function codeFor({cause}: ProxyError): ErrorCode {
	const isTold = cause instanceof StreamError && cause.code !== errorCode.noError;
	return isTold ? cause.code : errorCode.internalError;
}
