import type {Socket} from 'node:net';
import {ProxyError} from '../../../../errors.js';
import type {Backend, Lost} from '../../../seams.js';
import {BackendConnection, type ConnectionEvents} from './connection.js';
import {noWebSockets, refused} from './failures.js';
import type {PeerSettings} from './peer-settings.js';
import type {SharedRequest} from './request.js';

/** Opens a connection whose bytes `receive` is given. */
export type OpenSocket = (
	wanted: () => boolean,
	receive: (bytes: Buffer) => boolean,
	lost: Lost,
) => Promise<Socket>;

/** Requests that have waited for as long as the oldest, give or take so many milliseconds, give up with it. */
const together = 100;

/**
 * The connections to one backend that speaks HTTP/2. There is one for all requests, and another only when the
 * backend takes no more streams on it.
 */
export class SharedConnections implements ConnectionEvents {
	readonly backend: Backend;
	readonly #openSocket: OpenSocket;
	/** Those that take new streams. */
	readonly #open = new Set<BackendConnection>();
	/** Those that do not, and still have some. */
	readonly #retired = new Set<BackendConnection>();
	/** With the time since when, by `performance.now`, for those whom the backend keeps waiting. */
	readonly #waiting = new Map<SharedRequest, number | undefined>();
	#isDialling = false;
	/** What the backend has said on the connection that was opened last. */
	#said: PeerSettings | undefined;
	/** How many connections in a row were lost before they had been of any use, and how the last one was. */
	#losses = 0;
	#loss: ProxyError | undefined;

	constructor(backend: Backend, openSocket: OpenSocket) {
		this.backend = backend;
		this.#openSocket = openSocket;
	}

	/**
	 * Has a request sent as soon as there is a connection with room for it.
	 *
	 * @param since when it was lost for the first time, if it was, by `performance.now`
	 */
	place(request: SharedRequest, since?: number): void {
		this.#waiting.set(request, since);
		this.changed();
	}

	/** A request is not to be sent any more. */
	forget(request: SharedRequest): void {
		this.#waiting.delete(request);
	}

	changed(): void {
		for (const request of this.#waiting.keys()) {
			const connection = this.#connectionFor(request);
			if (connection === undefined && request.acceptKey === undefined) {
				break;
			}
			if (connection === undefined) {
				continue;
			}
			this.#waiting.delete(request);
			if (request.acceptKey === undefined || connection.settings.allowsConnect) {
				request.use(connection);
			} else {
				request.fail(noWebSockets(this.backend));
			}
		}
		if (this.#waiting.size > 0 && !this.#isDialling && ![...this.#open].some(isUnsettled)) {
			this.#dial();
		}
	}

	retired(connection: BackendConnection, why: ProxyError, isLost: boolean): void {
		if (!this.#open.delete(connection)) {
			return;
		}
		if (connection.streams.size > 0) {
			this.#retired.add(connection);
		}
		if (isLost) {
			this.#losses = connection.streams.completed > 0 ? 0 : this.#losses + 1;
			this.#loss = why;
			this.changed();
		} else if (isUnsettled(connection)) {
			// The next one would not do better.
			this.#fail([...this.#waiting.keys()], why);
		}
	}

	/**
	 * Ends what has rested for too long.
	 *
	 * @param longestRest in milliseconds
	 */
	sweep(now: number, longestRest: number): void {
		for (const connection of this.#open) {
			// One that somebody waits for has time to say what it takes.
			if (connection.settings.known || this.#waiting.size === 0) {
				connection.sweep(now, longestRest);
			}
		}
		for (const connection of this.#retired) {
			connection.sweep(now, longestRest);
			if (connection.streams.size === 0) {
				this.#retired.delete(connection);
			}
		}
	}

	#connectionFor(request: SharedRequest): BackendConnection | undefined {
		for (const connection of this.#open) {
			// Whether it takes a WebSocket is not known before its SETTINGS.
			const isKnown = request.acceptKey === undefined || connection.settings.known;
			if (isKnown && connection.room > 0) {
				return connection;
			}
		}
		return undefined;
	}

	#dial(): void {
		this.#isDialling = true;
		const now = performance.now();
		let oldest = now;
		for (const [request, since = now] of this.#waiting) {
			this.#waiting.set(request, since);
			oldest = Math.min(oldest, since);
		}
		const lost = {since: oldest, times: this.#losses, error: this.#loss ?? refused(this.backend)};
		let connection: BackendConnection | undefined;
		const receive = (bytes: Buffer) => {
			connection?.receive(bytes);
			return true;
		};
		this.#openSocket(() => this.#waiting.size > 0, receive, lost).then(
			socket => {
				this.#isDialling = false;
				connection = new BackendConnection(this.backend, socket, this, this.#said?.mostStreams);
				this.#said = connection.settings;
				this.#open.add(connection);
				this.changed();
			},
			(error: unknown) => {
				this.#isDialling = false;
				const isDue = (since = Number.POSITIVE_INFINITY) => since <= oldest + together;
				const due = [...this.#waiting].filter(([, since]) => isDue(since));
				this.#fail(
					due.map(([request]) => request),
					error,
				);
				// The others are to wait for as long as these have.
				this.changed();
			},
		);
	}

	#fail(requests: readonly SharedRequest[], error: unknown): void {
		const message = `backend ${this.backend.label} cannot be spoken to`;
		const known =
			error instanceof ProxyError
				? error
				: new ProxyError('backend-refused', 'upstream', message, {cause: error});
		for (const request of requests) {
			if (this.#waiting.delete(request)) {
				request.fail(known);
			}
		}
	}
}

/** Whether a backend has yet to say that it takes streams: until then, no other connection is of use. */
function isUnsettled({settings}: BackendConnection): boolean {
	return !settings.known || settings.takesNone;
}
