import type {Socket} from 'node:net';
import type {ProxyError} from '../../../../errors.js';
import type {Backend} from '../../../seams.js';
import {ConnectionError, errorCode} from '../framing/errors.js';
import {defaultWindow, preface, setting} from '../framing/frames.js';
import {FrameReader} from '../framing/reader.js';
import {writeSettings} from '../framing/settings.js';
import {Output} from '../output/output.js';
import {Sending} from '../output/sending.js';
import {Turn} from '../output/turn.js';
import {connectionLost, notHttp2, refused, speaksHttp1} from './failures.js';
import {mostFieldOctets} from './field-blocks.js';
import {connectionWindow, Frames} from './frames.js';
import {PeerSettings} from './peer-settings.js';
import {streamWindow} from './receive-window.js';
import {SocketOutlet} from './socket-outlet.js';
import {type Passenger, type PassengerStream, Streams} from './streams.js';

/**
 * Streams that are cancelled on one connection before it carries no more: servers take many of them for an
 * attack, and close the connection for all (nghttp2, and with it Node, after 1000 at once).
 */
const mostCancelled = 500;

/** How long a connection that is being closed may stand still, in milliseconds. */
const longestFarewell = 5000;

/** Stream identifiers end at 2^31-1. */
const lastIdentifier = 0x7fff_0000;

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

/** What becomes of a connection. */
export interface ConnectionEvents {
	/** There may be room for another stream. */
	changed(): void;
	/**
	 * It takes no further streams.
	 *
	 * @param why those fail who have waited for it
	 * @param isLost whether the backend has closed it without a word: the next one may do better
	 */
	retired(connection: BackendConnection, why: ProxyError, isLost: boolean): void;
}

/** One connection to a backend that speaks HTTP/2, shared by all requests to it. */
export class BackendConnection {
	/** What the backend has said. */
	readonly settings: PeerSettings;
	readonly streams: Streams;
	readonly #backend: Backend;
	readonly #socket: Socket;
	readonly #outlet: SocketOutlet;
	readonly #output: Output;
	readonly #events: ConnectionEvents;
	readonly #reader: FrameReader;
	#isHeard = false;
	#isRetired = false;
	#isGone = false;
	#goaway: number | undefined;
	#cause: Error | undefined;
	#idleSince: number | undefined;

	/** @param expected how many streams the backend took at a time on the connection before, if there was one */
	constructor(backend: Backend, socket: Socket, events: ConnectionEvents, expected?: number) {
		this.settings = new PeerSettings(expected);
		this.#backend = backend;
		this.#socket = socket;
		this.#events = events;
		this.#outlet = new SocketOutlet(socket);
		this.#output = new Output(this.#outlet, turn);
		const sending = new Sending(this.#output, {now: 0, tick: 0});
		const ways = {output: this.#output, sending};
		this.streams = new Streams(backend, ways, this.settings, () => this.changed());
		this.#reader = new FrameReader(new Frames(this, this.#output, sending), {
			isServer: false,
			mostBlock: mostFieldOctets,
		});
		socket.on('drain', () => sending.run());
		socket.on('error', error => {
			this.#cause = error;
		});
		socket.on('end', () => socket.destroy());
		socket.on('close', () => this.#gone(undefined));
		this.#output.raw(greeting);
		this.#output.windowUpdate(0, connectionWindow - defaultWindow);
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
	open(owner: Passenger, block: Buffer, endStream: boolean): PassengerStream {
		this.#idleSince = undefined;
		const stream = this.streams.open(owner, block, endStream);
		if (this.streams.next > lastIdentifier) {
			this.retire();
		}
		return stream;
	}

	/** Gives up a request. */
	cancel(stream: PassengerStream): void {
		this.streams.cancel(stream);
		if (this.streams.cancelled >= mostCancelled) {
			this.retire();
		}
	}

	/** Reads what has come. */
	receive(bytes: Buffer): void {
		const isHttp1 = !this.#isHeard && bytes.toString('latin1', 0, 5) === 'HTTP/';
		this.#isHeard = true;
		if (isHttp1) {
			this.#gone(speaksHttp1(this.#backend));
			return;
		}
		try {
			this.#reader.read(bytes);
			if (this.#outlet.overflows) {
				const message = 'it sends and does not read';
				throw new ConnectionError(errorCode.enhanceYourCalm, message);
			}
		} catch (error) {
			this.#fault(error);
		}
	}

	/** The backend takes no further streams, and has done nothing with those behind the last. */
	goaway(lastStream: number, code: number): void {
		this.#goaway = code;
		this.retire();
		this.streams.lose(lastStream, true, hasBegun => this.#explain(hasBegun), 'any');
		this.#closeIfDone();
	}

	/** A stream is over, or the backend has said what it takes. */
	changed(): void {
		this.#closeIfDone();
		this.#events.changed();
	}

	/**
	 * Takes no further streams, and closes when those that there are have ended.
	 *
	 * @param why those who have waited for it fail
	 * @param isLost whether the backend has closed it
	 */
	retire(why?: ProxyError, isLost = false): void {
		if (!this.#isRetired) {
			this.#isRetired = true;
			this.#events.retired(this, why ?? this.#explain(false), isLost);
			this.#closeIfDone();
		}
	}

	/**
	 * Closes the connection when it has rested for too long.
	 *
	 * @param longestRest in milliseconds
	 */
	sweep(now: number, longestRest: number): void {
		this.streams.sweep(now);
		if (this.streams.size === 0) {
			this.#idleSince ??= now;
			if (now - this.#idleSince >= longestRest) {
				this.retire(refused(this.#backend));
			}
		}
	}

	#fault(error: unknown): void {
		const cause = error instanceof Error ? error : new Error(String(error));
		if (!this.#isGone) {
			const code = error instanceof ConnectionError ? error.code : errorCode.internalError;
			this.#output.goaway(0, code, cause.message);
			this.#output.flush();
		}
		this.#gone(notHttp2(this.#backend, cause));
	}

	#closeIfDone(): void {
		if (this.#isRetired && this.streams.size === 0 && !this.#isGone) {
			this.#isGone = true;
			this.#output.goaway(0, errorCode.noError);
			this.#output.flush();
			// A backend that reads nothing more would never let it end.
			this.#socket.setTimeout(longestFarewell, () => this.#socket.destroy());
			this.#socket.destroySoon();
		}
	}

	/** @param error what all streams fail with; else by what is known of the end */
	#gone(error: ProxyError | undefined): void {
		this.#isGone = true;
		const isLost = error === undefined;
		this.retire(error, isLost);
		this.#socket.destroy();
		const explain = (hasBegun: boolean) => error ?? this.#explain(hasBegun);
		this.streams.lose(0, this.#cause === undefined, explain, isLost ? 'harmless' : 'none');
	}

	#explain(hasBegun: boolean): ProxyError {
		const end = {heard: this.#isHeard, code: this.#goaway, cause: this.#cause};
		return connectionLost(this.#backend, hasBegun, end);
	}
}
