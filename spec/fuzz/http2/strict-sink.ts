import {ProxyError} from '../../../lib/errors.js';
import {Malformed, TooLarge} from '../../../lib/forward/wire/codec/octets.js';
import type {ResponseHead} from '../../../lib/forward/wire/codec/response-head.js';
import {ConnectionError, StreamError} from '../../../lib/forward/wire/http2/framing/errors.js';
import type {ResponseSink} from '../../../lib/forward/wire/upstream/sink.js';
import type {Random} from '../random.js';

/** What a failure may have come of; all else is a fault of Sealport's own. */
const causes = [ConnectionError, StreamError, Malformed, TooLarge, ProxyError];

/** Takes a response, waits by chance, and holds its source to what `ResponseSink` promises. */
export class StrictSink implements ResponseSink {
	/** What has gone wrong. Thrown at once it would be caught. */
	readonly faults: string[] = [];
	readonly received: Buffer[] = [];
	state: 'open' | 'responding' | 'ended' | 'switched' | 'failed' | 'given up' = 'open';
	/** Whether it has asked to wait. */
	isPaused = false;
	readonly #random: Random;
	#framing: number | 'chunked' | 'close' = 'close';

	constructor(random: Random) {
		this.#random = random;
	}

	get isSettled(): boolean {
		return this.state !== 'open' && this.state !== 'responding';
	}

	inform({status}: ResponseHead): void {
		this.#expect(this.state === 'open' && status < 200, `inform ${status}`);
	}

	respond(head: ResponseHead, framing: number | 'chunked' | 'close', bytes?: Buffer): boolean {
		this.#expect(this.state === 'open' && head.status >= 200, `respond ${head.status}`);
		this.state = 'responding';
		this.#framing = framing;
		if (this.#random.chance(0.02)) {
			throw new ProxyError('backend-malformed', 'upstream', 'not wanted');
		}
		return bytes === undefined || this.body(bytes);
	}

	body(bytes: Buffer): boolean {
		this.#expect(this.state === 'responding', 'body');
		return this.#take(bytes);
	}

	end(): void {
		const octets = this.received.reduce((sum, {length}) => sum + length, 0);
		const isWhole = typeof this.#framing !== 'number' || this.#framing === octets;
		this.#expect(this.state === 'responding' && isWhole, `end behind ${octets}`);
		this.state = 'ended';
	}

	switched({status}: ResponseHead): void {
		this.#expect(this.state === 'open' && status === 101, `switched ${status}`);
		this.state = 'switched';
	}

	tunnelled(bytes: Buffer): boolean {
		this.#expect(this.state === 'switched', 'tunnelled');
		return this.#take(bytes);
	}

	closed(): void {
		this.#expect(this.state === 'switched' || this.state === 'ended', 'closed');
	}

	drained(): void {
		this.#expect(this.state !== 'given up', 'drained');
	}

	fail(error: ProxyError): void {
		this.#expect(!this.isSettled, 'fail');
		this.state = 'failed';
		const {cause} = error;
		const isKnown = cause === undefined || causes.some(known => cause instanceof known);
		if (!isKnown && !(cause instanceof Error && 'code' in cause)) {
			this.faults.push(cause instanceof Error ? (cause.stack ?? '') : String(cause));
		}
	}

	#take(bytes: Buffer): boolean {
		this.received.push(Buffer.from(bytes));
		this.isPaused = this.#random.chance(0.2);
		return !this.isPaused;
	}

	#expect(holds: boolean, what: string): void {
		if (!holds) {
			this.faults.push(`${what} while ${this.state}`);
		}
	}
}
