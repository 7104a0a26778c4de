import type {TLSSocket} from 'node:tls';
import {ProxyError} from '../../../errors.js';
import {answerFor} from '../../failure.js';
import {type BodyReader, bodyReader} from '../codec/body.js';
import {requestTrailers} from '../codec/pass-on.js';
import type {WireContext} from '../context.js';
import {type Channel, Exchange} from './exchange.js';
import {explain, HeadReader, type Prepared} from './prepared.js';
import {answerHead} from './response-text.js';
import {writeBoth, writeNow} from './write.js';

/** What is held of a client that sends on while it is not its turn, in octets; then it has to wait. */
const mostHeld = 64 * 1024;

/** How long a client may take to see why its connection was closed, in milliseconds. */
const lingering = 2000;

/** One connection of an HTTP/1.1 client. */
export class ClientConnection implements Channel {
	readonly #socket: TLSSocket;
	readonly #context: WireContext;
	readonly #heads: HeadReader;
	/** Bytes that have come and cannot be dealt with yet. */
	#held: Buffer | undefined;
	#exchange: Exchange | undefined;
	/** The body of the request under way, as long as it is incomplete. */
	#body: BodyReader | undefined;
	#tunnels = false;
	#last = false;
	/** Whether the connection is being closed: what comes is not read any more. */
	#closing = false;
	#proceeding = false;
	#deadline: number;

	constructor(socket: TLSSocket, context: WireContext) {
		this.#socket = socket;
		this.#context = context;
		this.#heads = new HeadReader(context.limits, socket.remoteAddress ?? '');
		this.#deadline = context.clock.now + context.limits.idle;
		socket.on('data', (chunk: Buffer) => this.#receive(chunk));
		socket.on('drain', () => this.#exchange?.resume());
		socket.on('end', () => this.#ended());
		socket.on('close', () => this.#exchange?.abandon());
	}

	get last(): boolean {
		return this.#last || this.#context.draining();
	}

	/** Tells the client that there will be no further requests; what runs goes on. */
	drain(): void {
		if (this.#exchange === undefined && !this.#closing) {
			this.close();
		}
	}

	/** Closes the connection if its client has taken too long. */
	check(now: number): void {
		if (now < this.#deadline || this.#socket.isPaused()) {
			return;
		}
		if (this.#closing) {
			this.#socket.destroy();
		} else if (this.#exchange !== undefined && this.#body !== undefined) {
			this.#refuse(slow('the body of the request stands still'));
		} else if (this.#exchange === undefined && this.#held !== undefined) {
			this.#refuse(slow('the head of the request took too long'));
		} else if (this.#exchange === undefined) {
			this.close();
		}
	}

	write(bytes: Buffer): boolean {
		return writeNow(this.#socket, bytes);
	}

	writeBoth(head: Buffer, bytes: Buffer): boolean {
		return writeBoth(this.#socket, head, bytes);
	}

	resume(): void {
		this.#socket.resume();
	}

	tunnel(): void {
		this.#tunnels = true;
		this.#socket.allowHalfOpen = true;
		const held = this.#held;
		this.#held = undefined;
		this.#socket.resume();
		if (held !== undefined) {
			this.#receive(held);
		}
	}

	end(): void {
		this.#socket.end();
	}

	over(): void {
		if (this.#body !== undefined) {
			// The client is still sending; whether that is of use to anybody is for the backend to say.
			return;
		}
		this.#exchange = undefined;
		if (this.last) {
			this.close();
			return;
		}
		const {clock, limits} = this.#context;
		this.#deadline = clock.now + limits.idle;
		const held = this.#held;
		if (held !== undefined && !this.#proceeding) {
			this.#held = undefined;
			this.#socket.resume();
			this.#proceed(held);
		}
	}

	cut(): void {
		this.#closing = true;
		// What has come from the backend goes out before, all but the end of the body.
		this.#socket.write('', () => this.#socket.destroy());
	}

	close(): void {
		this.#exchange = undefined;
		this.#closing = true;
		this.#held = undefined;
		this.#deadline = this.#context.clock.now + lingering;
		this.#socket.end();
		// Unread bytes would make the close a reset, by which the answer might be lost on its way.
		this.#socket.resume();
	}

	#receive(chunk: Buffer): void {
		if (this.#tunnels) {
			this.#pass(chunk);
			return;
		}
		if (this.#closing) {
			return;
		}
		const held = this.#held;
		this.#held = undefined;
		this.#proceed(held === undefined ? chunk : Buffer.concat([held, chunk]));
	}

	/** Deals with as much as can be dealt with now, and holds the rest. */
	#proceed(bytes: Buffer): void {
		this.#proceeding = true;
		let start = 0;
		try {
			while (start < bytes.length && !this.#closing) {
				const end =
					this.#body !== undefined
						? this.#passBody(this.#body, bytes, start)
						: this.#exchange === undefined
							? this.#begin(bytes, start)
							: undefined;
				if (end === undefined) {
					this.#hold(bytes.subarray(start));
					break;
				}
				start = end;
			}
		} catch (error) {
			this.#refuse(error);
		}
		this.#proceeding = false;
	}

	#hold(bytes: Buffer): void {
		this.#held = bytes;
		if (this.#exchange === undefined) {
			return;
		}
		if (bytes.length > mostHeld) {
			this.#socket.pause();
		}
	}

	/** @returns where the request ends as far as it has come; `undefined` if its head is incomplete */
	#begin(bytes: Buffer, start: number): number | undefined {
		const prepared = this.#heads.read(bytes, start, this.#context.snapshot());
		if (prepared === undefined) {
			if (this.#held === undefined) {
				this.#deadline = this.#context.clock.now + this.#context.limits.head;
			}
			return undefined;
		}
		const {end} = this.#heads;
		const {framing} = prepared.head;
		this.#last = closesAfter(prepared);
		if (framing === 'none' || framing === 0) {
			this.#forward(prepared, undefined);
			return end;
		}
		const body = bodyReader(framing, requestTrailers);
		const bodyEnd = body.read(bytes, end, bytes.length);
		const parts = [
			bytes.subarray(end, body.passed),
			...(body.done && body.tail ? [body.tail] : []),
		];
		this.#body = body.done ? undefined : body;
		this.#forward(prepared, parts.length === 1 ? parts[0] : Buffer.concat(parts));
		return bodyEnd;
	}

	#forward(prepared: Prepared, body: Buffer | undefined): void {
		const {plan} = prepared;
		if (plan instanceof ProxyError && (this.#body !== undefined || plan.source === 'downstream')) {
			this.#last ||= this.#body !== undefined || plan.code !== 'name-not-served';
		}
		this.#exchange = new Exchange(prepared, this, this.#context);
		this.#deadline = this.#context.clock.now + this.#context.limits.idle;
		this.#exchange.start(body, this.#body === undefined);
	}

	#passBody(body: BodyReader, bytes: Buffer, start: number): number {
		this.#deadline = this.#context.clock.now + this.#context.limits.idle;
		const end = body.read(bytes, start, bytes.length);
		if (start < body.passed) {
			this.#pass(bytes.subarray(start, body.passed));
		}
		if (body.done) {
			this.#body = undefined;
			if (body.tail !== undefined) {
				this.#exchange?.send(body.tail);
			}
			this.#exchange?.finishRequest();
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
		} else if (this.#exchange !== undefined) {
			this.#socket.destroy();
		}
	}

	/** Answers what cannot be forwarded, and closes: what follows it cannot be told apart. */
	#refuse(cause: unknown): void {
		const error = explain(cause);
		if (!(error instanceof ProxyError)) {
			throw error;
		}
		const isAnswered = this.#exchange?.responding ?? false;
		this.#exchange?.abandon(error);
		this.#body = undefined;
		if (isAnswered) {
			this.cut();
			return;
		}
		const answer = answerFor(error, {method: '', headers: []});
		this.writeBoth(answerHead(answer, true), answer.body);
		this.close();
	}
}

function closesAfter({head}: Prepared): boolean {
	return (
		head.connection.includes('close') ||
		(head.minor === 0 && !head.connection.includes('keep-alive'))
	);
}

function slow(message: string): ProxyError {
	return new ProxyError('head-timeout', 'downstream', message);
}
