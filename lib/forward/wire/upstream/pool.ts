import {setMaxListeners} from 'node:events';
import type {Backend, Dialer} from '../../seams.js';
import {UpstreamConnection} from './connection.js';

/**
 * What is read from backends lands here, whichever connection it comes from: it has been passed on
 * before the next read.
 */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);

/**
 * How long a connection may rest, in milliseconds. Many servers close one that has rested for five
 * seconds, and a request that crosses with that is lost if it cannot be repeated; the clock is late by up
 * to one.
 */
const longestRest = 3000;

/** The connections to one backend that are open. */
export class Pool {
	readonly backend: Backend;
	readonly #dialer: Dialer;
	readonly #closed = new AbortController();
	readonly #open = new Set<UpstreamConnection>();
	#resting: UpstreamConnection[] = [];

	constructor(backend: Backend, dialer: Dialer) {
		this.backend = backend;
		this.#dialer = dialer;
		// Every dial under way listens, and Node would warn of the eleventh.
		setMaxListeners(0, this.#closed.signal);
	}

	/** A connection that rests, the one used last. */
	take(now: number): UpstreamConnection | undefined {
		for (;;) {
			const connection = this.#resting.pop();
			if (connection === undefined) {
				return undefined;
			}
			if (connection.alive && now < connection.idleUntil) {
				return connection;
			}
			connection.destroy();
		}
	}

	/** Takes back a connection that can carry another request. */
	put(connection: UpstreamConnection, now: number): void {
		connection.idleUntil = now + longestRest;
		this.#resting.push(connection);
	}

	/**
	 * Opens a connection.
	 *
	 * @param wanted whether anybody still waits for it
	 * @throws ProxyError `backend-refused` or `backend-timeout`
	 */
	async dial(wanted: () => boolean): Promise<UpstreamConnection> {
		const connection = new UpstreamConnection();
		const socket = await this.#dialer.dial(this.backend, this.#closed.signal, wanted, {
			buffer: readBuffer,
			callback: (length, bytes) =>
				connection.receive(Buffer.from(bytes.buffer, bytes.byteOffset, length)),
		});
		this.#open.add(connection);
		connection.attach(socket, () => this.#open.delete(connection));
		return connection;
	}

	/** Ends the connections that have rested for too long. */
	sweep(now: number): void {
		this.#resting = this.#resting.filter(connection => {
			const stays = connection.alive && now < connection.idleUntil;
			if (!stays) {
				connection.destroy();
			}
			return stays;
		});
	}

	/** Ends every connection, and every dial under way. */
	close(): void {
		this.#closed.abort();
		for (const connection of this.#open) {
			connection.destroy();
		}
	}
}

/** The pools of all backends. */
export class Pools {
	readonly #dialer: Dialer;
	readonly #pools = new Map<Backend, Pool>();

	constructor(dialer: Dialer) {
		this.#dialer = dialer;
	}

	of(backend: Backend): Pool {
		let pool = this.#pools.get(backend);
		if (pool === undefined) {
			pool = new Pool(backend, this.#dialer);
			this.#pools.set(backend, pool);
		}
		return pool;
	}

	sweep(now: number): void {
		for (const pool of this.#pools.values()) {
			pool.sweep(now);
		}
	}

	close(): void {
		for (const pool of this.#pools.values()) {
			pool.close();
		}
	}
}
