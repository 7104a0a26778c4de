import type {Socket} from 'node:net';
import type {ProxyError} from '../../../../errors.js';
import type {Backend} from '../../../seams.js';
import {Malformed, TooLarge} from '../../codec/octets.js';
import {Output} from '../downstream/output.js';
import {Sending} from '../downstream/sending.js';
import {Turn} from '../downstream/turn.js';
import {ConnectionError, type ErrorCode, errorCode} from '../framing/errors.js';
import {defaultWindow, preface, setting} from '../framing/frames.js';
import {FrameReader} from '../framing/reader.js';
import {writeSettings} from '../framing/settings.js';
import {connectionLost, notHttp2, speaksHttp1, wasReset} from './failures.js';
import {mostFieldOctets} from './field-blocks.js';
import {Frames} from './frames.js';
import {PeerSettings} from './peer-settings.js';
import {SocketOutlet} from './socket-outlet.js';
import {BackendStream, type StreamOwner, streamWindow} from './stream.js';

/**
 * Octets that a backend may send on the whole connection before it is told that they have come. They are
 * handed over at once, so that no stream can hold up another, and it is the streams' windows that bound what is
 * held.
 */
export const connectionWindow = 16 * 1024 * 1024;

/**
 * Streams that are cancelled on one connection before it carries no more: servers take many of them for an
 * attack, and close the connection for all (nghttp2 and with it Node after 1000 at once).
 */
const mostCancelled = 500;

/** Stream identifiers end at 2^31-1. */
const lastIdentifier = 0x7fff_0000;

/** How long a tunnel whose client has gone may go on, in milliseconds. */
const longestFarewell = 10_000;

/** What is written at the end of a turn, for all backends. */
const turn = new Turn();

const greeting = Buffer.concat([
	preface,
	writeSettings([
		[setting.enablePush, 0],
		[setting.initialWindowSize, streamWindow],
		[setting.maxHeaderListSize, mostFieldOctets],
	]),
]);

/** A request on a connection that others share. */
export interface Passenger extends StreamOwner {
	/**
	 * There will be no response, or no more of it.
	 *
	 * @param isUnprocessed whether the backend has said that it has done nothing with the request
	 * @param isStale whether the connection had been used before, and nothing has come back for the request
	 */
	lost(error: ProxyError, isUnprocessed: boolean, isStale: boolean): void;
}

/** What becomes of a connection. */
export interface ConnectionEvents {
	/** There may be room for another stream. */
	changed(): void;
	/** It takes no further streams. */
	retired(connection: BackendConnection): void;
}

/** One connection to a backend that speaks HTTP/2, shared by all requests to it. */
export class BackendConnection {
	readonly backend: Backend;
	readonly output: Output;
	readonly sending: Sending;
	readonly settings = new PeerSettings();
	readonly streams = new Map<number, BackendStream>();
	readonly #socket: Socket;
	readonly #outlet: SocketOutlet;
	readonly #events: ConnectionEvents;
	readonly #reader: FrameReader;
	#nextStream = 1;
	#cancelled = 0;
	#completed = 0;
	#heard = false;
	#isRetired = false;
	#isGone = false;
	#goawayCode: number | undefined;
	#cause: Error | undefined;
	#idleSince: number | undefined;

	constructor(backend: Backend, socket: Socket, events: ConnectionEvents) {
		this.backend = backend;
		this.#socket = socket;
		this.#outlet = new SocketOutlet(socket);
		this.#events = events;
		this.output = new Output(this.#outlet, turn);
		this.sending = new Sending(this.output, {now: 0, tick: 0});
		const frames = new Frames(this);
		this.#reader = new FrameReader(frames, {isServer: false, mostBlock: mostFieldOctets});
		socket.on('drain', () => this.sending.run());
		socket.on('error', error => {
			this.#cause = error;
		});
		socket.on('end', () => socket.destroy());
		socket.on('close', () => this.#gone(undefined));
		this.output.raw(greeting);
		this.output.windowUpdate(0, connectionWindow - defaultWindow);
	}

	/** Identifier of the last stream that was opened. */
	get lastStream(): number {
		return this.#nextStream - 2;
	}

	/** How many streams it takes now. */
	get room(): number {
		const isOpen = !this.#isRetired && !this.#socket.destroyed;
		return isOpen ? Math.max(0, this.settings.mostStreams - this.streams.size) : 0;
	}

	/**
	 * Sends the head of a request on a stream of its own. There has to be room for it.
	 *
	 * @param endStream whether that is all
	 */
	open(owner: Passenger, block: Buffer, endStream: boolean): BackendStream {
		const id = this.#nextStream;
		this.#nextStream += 2;
		this.#idleSince = undefined;
		const stream = new BackendStream(id, owner, this.settings.initialWindow, endStream, this);
		this.streams.set(id, stream);
		this.output.headers(id, block, endStream, this.settings.takePrefix());
		if (id >= lastIdentifier) {
			this.retire();
		}
		return stream;
	}

	/** Reads what has come. */
	receive(bytes: Buffer): void {
		const isHttp1 = !this.#heard && bytes.toString('latin1', 0, 5) === 'HTTP/';
		this.#heard = true;
		if (isHttp1) {
			this.#gone(speaksHttp1(this.backend));
			return;
		}
		try {
			this.#reader.read(bytes);
			if (this.#outlet.overflows) {
				const message = 'it sends and does not read';
				throw new ConnectionError(errorCode.enhanceYourCalm, message);
			}
		} catch (error) {
			this.fault(error);
		}
	}

	/** Ends the connection, because of what the backend has sent. */
	fault(error: unknown): void {
		const cause = error instanceof Error ? error : new Error(String(error));
		const code = error instanceof ConnectionError ? error.code : errorCode.internalError;
		if (!this.#isGone) {
			this.output.goaway(0, code, cause.message);
			this.output.flush();
		}
		this.#gone(notHttp2(this.backend, cause));
	}

	/** Ends one stream, because of what the backend has sent on it. */
	streamFault(stream: BackendStream, error: unknown, code: ErrorCode): void {
		if (!(error instanceof Malformed || error instanceof TooLarge)) {
			throw error;
		}
		this.reset(stream, code);
		if (!stream.cut(false)) {
			passenger(stream).lost(notHttp2(this.backend, error), false, false);
		}
	}

	/** The backend has ended a stream by RST_STREAM. */
	wasReset(stream: BackendStream, code: number): void {
		this.forget(stream);
		const isProper = code === errorCode.noError;
		if (!stream.cut(isProper)) {
			const error = wasReset(this.backend, stream.id, code, stream.hasHead);
			passenger(stream).lost(error, code === errorCode.refusedStream, false);
		}
	}

	/** The backend takes no further streams, and has done nothing with those behind the last. */
	goaway(lastStream: number, code: number): void {
		this.#goawayCode = code;
		this.retire();
		for (const stream of [...this.streams.values()]) {
			if (stream.id > lastStream && this.streams.has(stream.id)) {
				this.forget(stream);
				this.#lose(stream, undefined, true);
			}
		}
		this.#closeIfDone();
	}

	/** Closes a stream by RST_STREAM. */
	reset(stream: BackendStream, code: ErrorCode): void {
		this.output.reset(stream.id, code);
		this.forget(stream);
	}

	/** Gives up a request. */
	cancel(stream: BackendStream): void {
		if (this.streams.get(stream.id) !== stream) {
			return;
		}
		this.reset(stream, errorCode.cancel);
		if (++this.#cancelled >= mostCancelled) {
			this.retire();
		}
	}

	ended(stream: BackendStream): void {
		this.#completed++;
		this.forget(stream);
	}

	/** A stream is over. */
	forget(stream: BackendStream): void {
		this.sending.forget(stream);
		if (this.streams.delete(stream.id)) {
			this.#closeIfDone();
			this.#events.changed();
		}
	}

	/** The backend has said what it takes. */
	changed(): void {
		this.#events.changed();
	}

	/** Takes no further streams, and closes when those that there are have ended. */
	retire(): void {
		if (!this.#isRetired) {
			this.#isRetired = true;
			this.#events.retired(this);
			this.#closeIfDone();
		}
	}

	/**
	 * Closes the connection when it has rested for too long.
	 *
	 * @param longestRest in milliseconds
	 */
	sweep(now: number, longestRest: number): void {
		for (const stream of this.streams.values()) {
			if (stream.isLeft) {
				stream.leavingSince ??= now;
				if (now - stream.leavingSince > longestFarewell) {
					this.reset(stream, errorCode.cancel);
				}
			}
		}
		if (this.streams.size === 0) {
			this.#idleSince ??= now;
			if (now - this.#idleSince >= longestRest) {
				this.retire();
			}
		}
	}

	#closeIfDone(): void {
		if (this.#isRetired && this.streams.size === 0 && !this.#isGone) {
			this.#isGone = true;
			this.output.goaway(0, errorCode.noError);
			this.output.flush();
			this.#socket.destroySoon();
		}
	}

	/** @param error what all streams fail with; else by what is known of the end */
	#gone(error: ProxyError | undefined): void {
		this.#isGone = true;
		this.retire();
		this.#socket.destroy();
		for (const stream of [...this.streams.values()]) {
			if (this.streams.delete(stream.id)) {
				this.sending.forget(stream);
				this.#lose(stream, error, false);
			}
		}
	}

	#lose(stream: BackendStream, error: ProxyError | undefined, isUnprocessed: boolean): void {
		const code = this.#goawayCode;
		if (stream.cut(this.#cause === undefined)) {
			return;
		}
		const end = {heard: this.#heard, code, cause: this.#cause};
		const known = error ?? connectionLost(this.backend, stream.hasHead, end);
		const isStale = error === undefined && this.#completed > 0;
		passenger(stream).lost(known, isUnprocessed, isStale);
	}
}

/** Every stream of a connection is one that it has opened for a passenger. */
function passenger(stream: BackendStream): Passenger {
	return stream.owner as Passenger;
}
