import type {TLSSocket} from 'node:tls';
import {ProxyError} from '../../../errors.js';
import type {Client} from '../../seams.js';
import {type BodyReader, bodyReader} from '../codec/body.js';
import type {PassTrailers} from '../codec/chunked.js';
import {requestTrailers} from '../codec/pass-on.js';
import {PlainBody} from '../codec/plain-body.js';
import type {WireContext} from '../context.js';
import {editLines} from '../plan.js';
import {writeAnswer} from './answer.js';
import {type Channel, Exchange} from './exchange.js';
import {HeadReader} from './head-reader.js';
import {Outlet} from './outlet.js';
import type {Prepared} from './prepared.js';
import {refusalOf} from './refusal.js';

/** What is held of a client that sends on while it is not its turn, in octets; then it has to wait. */
const mostHeld = 64 * 1024;

const nothing = Buffer.alloc(0);

/** One connection of an HTTP/1.1 client: reads its requests and has them answered, one after another. */
export class ClientConnection implements Channel {
	readonly outlet: Outlet;
	readonly #socket: TLSSocket;
	readonly #context: WireContext;
	readonly #heads: HeadReader;
	/** Bytes that have come and cannot be dealt with yet. */
	#held: Buffer | undefined;
	#exchange: Exchange | undefined;
	/** The body of the request under way, as long as it is incomplete. */
	#body: BodyReader | undefined;
	#isInHead = false;
	#tunnels = false;
	#last = false;
	#proceeding = false;
	#deadline = 0;

	constructor(socket: TLSSocket, client: Client, context: WireContext) {
		this.outlet = new Outlet(socket, context);
		this.#socket = socket;
		this.#context = context;
		this.#heads = new HeadReader(context.limits, client);
		this.#allow(context.limits.idle);
		socket.on('data', (chunk: Buffer) => this.#receive(chunk));
		socket.on('drain', () => this.#drained());
		socket.on('end', () => this.#ended());
		socket.on('close', () => this.#exchange?.abandon());
	}

	get last(): boolean {
		return this.#last || this.#context.draining();
	}

	get uploading(): boolean {
		return this.#body !== undefined;
	}

	/** Tells the client that there will be no further requests; what runs goes on. */
	drain(): void {
		if (this.#exchange === undefined && !this.outlet.closing) {
			this.outlet.close();
		}
	}

	/** Closes the connection if its client has taken too long. */
	check(now: number): void {
		this.outlet.check(now);
		if (now < this.#deadline || this.outlet.closing) {
			return;
		}
		if (this.#isInHead) {
			this.#refuse(slow('the head of the request took too long'));
		} else if (this.#exchange === undefined) {
			this.outlet.close();
		} else if (this.#body !== undefined || (this.#socket.isPaused() && !this.#tunnels)) {
			// A client that is not read from could have left long ago.
			this.#refuse(
				this.#socket.isPaused() ? unread() : slow('the body of the request stands still'),
			);
		}
	}

	resume(): void {
		this.#socket.resume();
	}

	tunnel(): void {
		this.#tunnels = true;
		this.#socket.allowHalfOpen = true;
		this.#socket.resume();
		const held = this.#held;
		this.#held = undefined;
		if (held !== undefined) {
			this.#pass(held);
		}
	}

	over(): void {
		if (this.#socket.isPaused()) {
			// It was to wait until the backend takes more, and that may never be said any more.
			this.#socket.resume();
		}
		if (this.#body !== undefined) {
			// The client is still sending; whether that is of use is for the backend to say.
			return;
		}
		const asksForUpgrade = this.#exchange?.asksForUpgrade ?? false;
		this.#exchange = undefined;
		// What a client has sent on in the belief that it speaks another protocol by now is no request.
		if (this.last || (asksForUpgrade && this.#held !== undefined)) {
			this.outlet.close();
			return;
		}
		this.#allow(this.#context.limits.idle);
		this.#takeUp();
	}

	/** Goes on with what has been held back. */
	#takeUp(): void {
		const held = this.#held;
		if (held !== undefined && !this.#proceeding) {
			this.#held = undefined;
			this.#proceed(held);
		}
	}

	/** The client has taken what was waiting for it. */
	#drained(): void {
		if (this.#exchange !== undefined) {
			this.#exchange.resume();
		} else if (!this.outlet.closing) {
			this.#socket.resume();
			this.#takeUp();
		}
	}

	/** Starts the time within which something has to happen. */
	#allow(milliseconds: number): void {
		const {now, tick} = this.#context.clock;
		this.#deadline = now + milliseconds + tick;
	}

	#receive(chunk: Buffer): void {
		if (this.#tunnels) {
			this.#pass(chunk);
			return;
		}
		const held = this.#held;
		this.#held = undefined;
		this.#proceed(held === undefined ? chunk : Buffer.concat([held, chunk]));
	}

	/** Deals with as much as can be dealt with now, and holds the rest. */
	#proceed(bytes: Buffer): void {
		this.#proceeding = true;
		try {
			for (let start = 0; start < bytes.length && !this.outlet.closing; ) {
				const end = this.#take(bytes, start);
				if (end === undefined) {
					this.#hold(bytes.subarray(start));
					break;
				}
				start = end;
			}
		} catch (error) {
			this.#refuse(refusalOf(error));
		}
		this.#proceeding = false;
	}

	/** @returns behind what could be dealt with, if anything could */
	#take(bytes: Buffer, start: number): number | undefined {
		if (this.#body !== undefined) {
			return this.#passBody(this.#body, bytes, start);
		}
		const isFree = this.#exchange === undefined && !this.outlet.full;
		return isFree ? this.#begin(bytes, start) : undefined;
	}

	#hold(bytes: Buffer): void {
		this.#held = bytes;
		const waits = this.#exchange !== undefined || this.outlet.full;
		if (waits && bytes.length > mostHeld) {
			this.#allow(this.#context.limits.idle);
			this.#socket.pause();
		}
	}

	#begin(bytes: Buffer, start: number): number | undefined {
		const prepared = this.#heads.read(bytes, start, this.#context.snapshot());
		if (prepared === undefined) {
			if (!this.#isInHead && this.#heads.begun) {
				this.#isInHead = true;
				this.#allow(this.#context.limits.head);
			}
			return undefined;
		}
		this.#isInHead = false;
		const {end} = this.#heads;
		const {framing} = prepared.head;
		if (framing === 'none' || framing === 0) {
			this.#forward(prepared, undefined);
			return end;
		}
		// Before anything of the request goes to the backend: it may turn out to be none.
		const trailers = trailersFor(prepared);
		const body =
			framing === 'chunked' && prepared.unchunks
				? new PlainBody(trailers)
				: bodyReader(framing, trailers);
		const bodyEnd = body.read(bytes, end, bytes.length);
		const came = bytes.subarray(end, body.passed);
		this.#body = body.done ? undefined : body;
		this.#forward(prepared, came, body.done ? body.tail : undefined);
		return bodyEnd;
	}

	/** @param tail what is behind the body, if that is complete */
	#forward(prepared: Prepared, body: Buffer | undefined, tail?: Buffer): void {
		this.#last = prepared.closes;
		this.#allow(this.#context.limits.idle);
		const exchange = new Exchange(prepared, this, this.#context);
		this.#exchange = exchange;
		if (tail === undefined) {
			exchange.start(body, this.#body === undefined);
		} else if (prepared.unchunks) {
			exchange.start(body, false);
			exchange.finishRequest(tail);
		} else {
			exchange.start(Buffer.concat([body ?? nothing, tail]), true);
		}
	}

	#passBody(body: BodyReader, bytes: Buffer, start: number): number {
		this.#allow(this.#context.limits.idle);
		const end = body.read(bytes, start, bytes.length);
		if (start < body.passed) {
			this.#pass(bytes.subarray(start, body.passed));
		}
		if (body.done) {
			this.#body = undefined;
			if (this.#exchange?.finishRequest(body.tail)) {
				this.over();
			}
		}
		return end;
	}

	#pass(bytes: Buffer): void {
		if (this.#exchange?.send(bytes) === false) {
			this.#socket.pause();
		}
	}

	/** The client will send nothing more. */
	#ended(): void {
		if (this.#tunnels) {
			this.#exchange?.endTunnel();
		} else if (this.#exchange !== undefined && !this.outlet.closing) {
			this.#socket.destroy();
		}
	}

	/** Answers what cannot be forwarded, and closes: what follows it cannot be told apart. */
	#refuse(error: ProxyError): void {
		if (this.#exchange === undefined) {
			writeAnswer(this.outlet, error, undefined, true);
			this.outlet.close();
		} else {
			this.#exchange.refuse(error);
		}
		this.#exchange = undefined;
		this.#body = undefined;
	}
}

function slow(message: string): ProxyError {
	return new ProxyError('head-timeout', 'downstream', message);
}

function unread(): ProxyError {
	const message = 'the backend takes nothing more of what the client sends';
	return new ProxyError('backend-timeout', 'upstream', message);
}

/** Trailer fields are edited as the others are: a backend may merge them. */
function trailersFor({plan}: Prepared): PassTrailers {
	const edits = plan instanceof ProxyError ? [] : plan.edits;
	return edits.length === 0
		? requestTrailers
		: (bytes, fields) => editLines(requestTrailers(bytes, fields), edits);
}
