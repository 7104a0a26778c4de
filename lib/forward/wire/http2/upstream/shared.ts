import type {Socket} from 'node:net';
import {ProxyError} from '../../../../errors.js';
import type {Backend} from '../../../seams.js';
import {BackendConnection, type ConnectionEvents} from './connection.js';
import {noWebSockets, refused} from './failures.js';
import type {SharedRequest} from './request.js';

/** Opens a connection whose bytes `receive` is given. */
export type OpenSocket = (
	wanted: () => boolean,
	receive: (bytes: Buffer) => boolean,
) => Promise<Socket>;

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
	readonly #waiting = new Set<SharedRequest>();
	#isDialling = false;

	constructor(backend: Backend, openSocket: OpenSocket) {
		this.backend = backend;
		this.#openSocket = openSocket;
	}

	/** Has a request sent as soon as there is a connection with room for it. */
	place(request: SharedRequest): void {
		this.#waiting.add(request);
		this.changed();
	}

	/** A request is not to be sent any more. */
	forget(request: SharedRequest): void {
		this.#waiting.delete(request);
	}

	changed(): void {
		for (const request of this.#waiting) {
			const connection = this.#connectionFor(request);
			if (connection === undefined && request.acceptKey === undefined) {
				break;
			}
			if (connection === undefined && this.#takesNothing()) {
				this.#waiting.delete(request);
				request.fail(refused(this.backend));
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
		if (this.#waiting.size > 0 && !this.#isDialling && !this.#isUnsettled()) {
			this.#dial();
		}
	}

	retired(connection: BackendConnection): void {
		if (this.#open.delete(connection) && connection.streams.size > 0) {
			this.#retired.add(connection);
		}
	}

	unsettled(error: ProxyError): void {
		for (const request of this.#waiting) {
			// Another connection may come to the same end, again and again; other requests would go with it.
			if (request.acceptKey !== undefined) {
				this.#waiting.delete(request);
				request.fail(error);
			}
		}
		this.changed();
	}

	/**
	 * Ends what has rested for too long.
	 *
	 * @param longestRest in milliseconds
	 */
	sweep(now: number, longestRest: number): void {
		for (const connection of this.#open) {
			connection.sweep(now, longestRest);
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

	/** Whether the backend has said that it takes no streams, as it would on any other connection. */
	#takesNothing(): boolean {
		for (const {settings} of this.#open) {
			if (settings.mostStreams === 0) {
				return true;
			}
		}
		return false;
	}

	/** Whether a connection has not said yet how many streams it takes. */
	#isUnsettled(): boolean {
		for (const connection of this.#open) {
			if (!connection.settings.known) {
				return true;
			}
		}
		return false;
	}

	#dial(): void {
		this.#isDialling = true;
		const first = [...this.#waiting];
		let connection: BackendConnection | undefined;
		const receive = (bytes: Buffer) => {
			connection?.receive(bytes);
			return true;
		};
		this.#openSocket(() => this.#waiting.size > 0, receive).then(
			socket => {
				this.#isDialling = false;
				connection = new BackendConnection(this.backend, socket, this);
				this.#open.add(connection);
				this.changed();
			},
			(error: unknown) => {
				this.#isDialling = false;
				this.#fail(first, error);
				// Those that have come since are to wait as long as these have.
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
