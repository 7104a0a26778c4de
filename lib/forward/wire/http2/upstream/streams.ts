import {ProxyError} from '../../../../errors.js';
import type {Backend} from '../../../seams.js';
import {Malformed, TooLarge} from '../../codec/octets.js';
import {ConnectionError, type ErrorCode, errorCode} from '../framing/errors.js';
import type {Output} from '../output/output.js';
import type {Sending} from '../output/sending.js';
import {notHttp2, wasReset} from './failures.js';
import {type PeerSettings, widened} from './peer-settings.js';
import {BackendStream, type StreamChannel, type StreamOwner} from './stream.js';

/** How long a stream whose client has gone may go on, in milliseconds. */
const longestFarewell = 10_000;

/**
 * Whether a request that has got no answer may be sent once more: where the backend has said that it has done
 * nothing with it, whatever it is.
 */
export type Repeatable = 'any' | 'harmless' | 'none';

/** A request on a connection that others share. */
export interface Passenger extends StreamOwner {
	/** There will be no response, or no more of it. */
	lost(error: ProxyError, repeatable: Repeatable): void;
}

/** A stream, with whose request it is. */
export type PassengerStream = BackendStream<Passenger>;

/** The streams of one connection to a backend. */
export class Streams implements StreamChannel<Passenger> {
	readonly output: Output;
	readonly sending: Sending;
	/** How many of them have come to their proper end. */
	completed = 0;
	/** How many of them were given up. */
	cancelled = 0;
	readonly #backend: Backend;
	readonly #settings: PeerSettings;
	readonly #changed: () => void;
	readonly #open = new Map<number, PassengerStream>();
	/** When it was noticed that the client of a stream has gone. */
	readonly #leaving = new Map<PassengerStream, number>();
	#next = 1;

	/** @param changed told of every stream that is over */
	constructor(
		backend: Backend,
		{output, sending}: {readonly output: Output; readonly sending: Sending},
		settings: PeerSettings,
		changed: () => void,
	) {
		this.output = output;
		this.sending = sending;
		this.#backend = backend;
		this.#settings = settings;
		this.#changed = changed;
	}

	get size(): number {
		return this.#open.size;
	}

	/** Identifier of the next one. */
	get next(): number {
		return this.#next;
	}

	/** Sends the head of a request. @param endStream whether that is all */
	open(owner: Passenger, block: Buffer, endStream: boolean): PassengerStream {
		const id = this.#next;
		this.#next += 2;
		const stream = new BackendStream(id, owner, this.#settings.initialWindow, endStream, this);
		this.#open.set(id, stream);
		this.output.headers(id, block, endStream, this.#settings.takePrefix());
		return stream;
	}

	/**
	 * @returns `undefined` for a stream that is over
	 * @throws ConnectionError for one that has never been
	 */
	find(id: number): PassengerStream | undefined {
		const stream = this.#open.get(id);
		if (stream === undefined && (id >= this.#next || id % 2 === 0)) {
			const message = `a frame is for stream ${id}, which nobody has opened`;
			throw new ConnectionError(errorCode.protocolError, message);
		}
		return stream;
	}

	has(stream: PassengerStream): boolean {
		return this.#open.get(stream.id) === stream;
	}

	/** @param growth of what the backend takes on each stream @throws ConnectionError */
	widen(growth: number): void {
		for (const {body} of this.#open.values()) {
			body.window = widened(body.window, growth);
		}
	}

	ended(stream: PassengerStream): void {
		this.completed++;
		this.#forget(stream);
	}

	/** Gives up a request. */
	cancel(stream: PassengerStream): void {
		if (this.has(stream)) {
			this.cancelled++;
			this.#reset(stream, errorCode.cancel);
		}
	}

	/** Ends one stream, because of what the backend has sent on it; throws what is no fault of its own. */
	fault(stream: PassengerStream, error: unknown, code: ErrorCode): void {
		const isOwn = error instanceof Malformed || error instanceof TooLarge;
		if (!isOwn && !(error instanceof ProxyError)) {
			throw error;
		}
		this.#reset(stream, code);
		if (!stream.cut(false)) {
			stream.owner.lost(isOwn ? notHttp2(this.#backend, error) : error, 'none');
		}
	}

	/** The backend has ended a stream by RST_STREAM. */
	wasReset(stream: PassengerStream, code: number): void {
		this.#forget(stream);
		if (!stream.cut(code === errorCode.noError)) {
			const error = wasReset(this.#backend, stream.id, code, stream.hasHead);
			stream.owner.lost(error, code === errorCode.refusedStream ? 'any' : 'none');
		}
	}

	/**
	 * Ends all streams behind one, whose requests get no answer.
	 *
	 * @param isProper whether the connection has been closed as it should
	 * @param explain says why
	 */
	lose(
		behind: number,
		isProper: boolean,
		explain: (hasBegun: boolean) => ProxyError,
		repeatable: Repeatable,
	): void {
		for (const stream of [...this.#open.values()]) {
			if (stream.id > behind && this.has(stream)) {
				this.#forget(stream);
				if (!stream.cut(isProper)) {
					stream.owner.lost(explain(stream.hasHead), repeatable);
				}
			}
		}
	}

	/** Ends streams whose clients have gone, and which do not end by themselves. */
	sweep(now: number): void {
		for (const stream of this.#open.values()) {
			if (stream.isLeft) {
				const since = this.#leaving.get(stream) ?? now;
				this.#leaving.set(stream, since);
				if (now - since > longestFarewell) {
					this.#reset(stream, errorCode.cancel);
				}
			}
		}
	}

	#reset(stream: PassengerStream, code: ErrorCode): void {
		this.output.reset(stream.id, code);
		this.#forget(stream);
	}

	#forget(stream: PassengerStream): void {
		stream.body.drop();
		this.#leaving.delete(stream);
		if (this.#open.delete(stream.id)) {
			this.#changed();
		}
	}
}
