import type {TLSSocket} from 'node:tls';
import type {Client} from '../../../seams.js';
import type {WireContext} from '../../context.js';
import {Outlet} from '../../downstream/outlet.js';
import {ConnectionError, type ErrorCode, errorCode} from '../framing/errors.js';
import {defaultWindow, largest31} from '../framing/frames.js';
import {FrameReader} from '../framing/reader.js';
import {Output} from '../output/output.js';
import type {Turn} from '../output/turn.js';
import {newRates} from '../rates.js';
import {Frames, type Listening} from './frames.js';
import {connectionWindow, opening} from './peer.js';
import {Streams} from './streams.js';

/** What comes back with the PING that shows that a client has read of the end. */
const farewell = Buffer.from('farewell');

/**
 * What may wait for a client that does not read, in octets. Bodies wait with the backend long before; this is
 * for heads, and for answers to PING, of which there may be any number over time.
 */
const mostUnread = 4 * 1024 * 1024;

/** One connection of an HTTP/2 client, from its preface to its end (RFC 9113). */
export class Http2Connection implements Listening {
	readonly #socket: TLSSocket;
	readonly #context: WireContext;
	readonly #outlet: Outlet;
	readonly #output: Output;
	readonly #streams: Streams;
	readonly #reader: FrameReader;
	/** Whether no further streams are to be opened. */
	#isLast = false;
	/** By when a stream has to be opened while there is none, on the lane's clock. */
	#idleUntil: number;
	/** By when what has begun, as the connection itself has, has to be complete. */
	#completeBy: number;
	/** How many frames had begun when that was found. */
	#begun = 0;

	constructor(socket: TLSSocket, client: Client, context: WireContext, turn: Turn) {
		this.#socket = socket;
		this.#context = context;
		this.#outlet = new Outlet(socket, context);
		this.#output = new Output(this.#outlet, turn);
		const rates = newRates();
		this.#streams = new Streams(context, this.#output, rates, () => this.#emptied());
		const frames = new Frames(context, this.#streams, rates, client, this);
		const {head, headSize, idle} = context.limits;
		this.#reader = new FrameReader(frames, {isServer: true, mostBlock: headSize});
		this.#idleUntil = this.#in(idle);
		this.#completeBy = this.#in(head);
		this.#output.raw(opening(headSize));
		this.#output.windowUpdate(0, connectionWindow - defaultWindow);
		socket.on('data', (chunk: Buffer) => this.#receive(chunk));
		socket.on('drain', () => this.#drained());
		socket.on('end', () => socket.destroy());
		socket.on('close', () => this.#streams.abandon());
	}

	/** Tells the client that there will be no further requests; what runs goes on. */
	drain(): void {
		if (this.#isLast || this.#outlet.closing) {
			return;
		}
		this.#isLast = true;
		if (this.#streams.size === 0) {
			this.#close(errorCode.noError);
		} else {
			// Streams that it has opened by now are on their way (RFC 9113 section 6.8).
			this.#output.goaway(largest31, errorCode.noError);
			this.#output.ping(false, farewell, 0);
		}
	}

	/** Closes the connection if its client has taken too long. */
	check(now: number): void {
		this.#outlet.check(now);
		if (this.#outlet.closing) {
			return;
		}
		this.#streams.check(now);
		const {sending, size} = this.#streams;
		const {limits, clock} = this.#context;
		const waits = sending.isHeld || this.#socket.isPaused();
		const isStuck = waits && now >= sending.progressed + limits.idle + clock.tick;
		if (isStuck || this.#outlet.waiting > mostUnread) {
			this.#close(errorCode.enhanceYourCalm, 'nothing is read');
		} else if (now >= this.#completeBy && !this.#socket.isPaused()) {
			this.#close(errorCode.enhanceYourCalm, 'a frame takes too long');
		} else if (now >= this.#idleUntil && size === 0) {
			this.#close(errorCode.noError);
		}
	}

	pinged(): void {
		if (this.#isLast && !this.#streams.isClosed) {
			this.#streams.isClosed = true;
			this.#output.goaway(this.#streams.lastTaken, errorCode.noError);
		}
	}

	leaving(): void {
		this.#isLast = true;
		if (this.#streams.size === 0) {
			this.#close(errorCode.noError);
		}
	}

	#receive(chunk: Buffer): void {
		if (this.#outlet.closing) {
			return;
		}
		const {last} = this.#streams;
		try {
			this.#reader.read(chunk);
			this.#streams.gathered();
		} catch (error) {
			this.#refuse(error);
			return;
		}
		this.#watch();
		if (this.#outlet.full && this.#streams.last !== last) {
			// Who asks for more and does not read has to wait.
			this.#streams.sending.progress();
			this.#socket.pause();
		}
	}

	#emptied(): void {
		if (this.#isLast) {
			this.#close(errorCode.noError);
		} else {
			this.#idleUntil = this.#in(this.#context.limits.idle);
		}
	}

	/** Starts the time that an incomplete frame may take, or ends it. */
	#watch(): void {
		const {incomplete, begun} = this.#reader;
		if (!incomplete) {
			this.#completeBy = Number.POSITIVE_INFINITY;
		} else if (this.#completeBy === Number.POSITIVE_INFINITY || begun !== this.#begun) {
			this.#begun = begun;
			this.#completeBy = this.#in(this.#context.limits.head);
		}
	}

	#drained(): void {
		if (!this.#outlet.closing) {
			if (this.#socket.isPaused()) {
				// Nothing could come of a frame meanwhile.
				this.#begun = 0;
				this.#socket.resume();
				this.#watch();
			}
			this.#streams.sending.progress();
			this.#streams.sending.run();
		}
	}

	#refuse(error: unknown): void {
		if (error instanceof ConnectionError) {
			this.#close(error.code, error.message);
		} else {
			this.#close(errorCode.internalError);
		}
	}

	/** @param reason for whoever debugs the client */
	#close(code: ErrorCode, reason = ''): void {
		if (this.#outlet.closing) {
			return;
		}
		this.#isLast = true;
		this.#streams.isClosed = true;
		this.#output.goaway(this.#streams.lastTaken, code, reason);
		this.#output.flush();
		this.#outlet.close();
		this.#streams.abandon();
	}

	#in(milliseconds: number): number {
		const {now, tick} = this.#context.clock;
		return now + milliseconds + tick;
	}
}
