import {setMaxListeners} from 'node:events';
import type {Socket} from 'node:net';
import type {Backend, Dialer, Lost} from '../../seams.js';
import {SharedConnections} from '../http2/upstream/shared.js';
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
	/** For a backend that speaks HTTP/2, what all requests to it share; they do not take connections then. */
	readonly shared: SharedConnections | undefined;
	readonly #dialer: Dialer;
	readonly #closed = new AbortController();
	readonly #open = new Set<Socket>();
	/** What else keeps connections that rest, to be called when it is time to look after them. */
	readonly sweeps = new Set<() => void>();
	#resting: UpstreamConnection[] = [];
	#dialling = 0;
	#isRetired = false;

	constructor(backend: Backend, dialer: Dialer) {
		this.backend = backend;
		this.#dialer = dialer;
		this.shared =
			backend.protocol === 'h2c'
				? new SharedConnections(backend, (...request) => this.openSocket(...request))
				: undefined;
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
		if (this.#isRetired) {
			connection.destroy();
			return;
		}
		connection.idleUntil = now + longestRest;
		this.#resting.push(connection);
	}

	/**
	 * Opens a connection.
	 *
	 * @param wanted whether anybody still waits for it
	 * @param lost for a request that has been sent before
	 * @throws ProxyError `backend-refused` or `backend-timeout`
	 */
	async dial(wanted: () => boolean, lost?: Lost): Promise<UpstreamConnection> {
		const connection = new UpstreamConnection();
		const receive = (bytes: Buffer) => connection.receive(bytes);
		connection.attach(await this.openSocket(wanted, receive, lost));
		return connection;
	}

	/**
	 * Opens a socket, which is closed with the pool.
	 *
	 * @param receive is given what comes, valid during the call, and returns whether to go on reading;
	 * without it the socket is read as any other
	 * @param lost for a request that has been sent before
	 * @throws ProxyError `backend-refused` or `backend-timeout`
	 */
	async openSocket(
		wanted: () => boolean,
		receive?: (bytes: Buffer) => boolean,
		lost?: Lost,
	): Promise<Socket> {
		const {signal} = this.#closed;
		const reading = receive && {
			buffer: readBuffer,
			callback: (length: number, bytes: Uint8Array) =>
				receive(Buffer.from(bytes.buffer, bytes.byteOffset, length)),
		};
		this.#dialling++;
		const socket = await this.#dialer
			.dial(this.backend, signal, wanted, reading, lost)
			.finally(() => this.#dialling--);
		this.#open.add(socket);
		socket.on('close', () => this.#open.delete(socket));
		return socket;
	}

	/** Ends the connections that have rested for too long. */
	sweep(now: number): void {
		this.#resting = this.#resting.filter(connection => {
			const stays = !this.#isRetired && connection.alive && now < connection.idleUntil;
			if (!stays) {
				connection.destroy();
			}
			return stays;
		});
		this.shared?.sweep(now, this.#isRetired ? 0 : longestRest);
		for (const sweep of this.sweeps) {
			sweep();
		}
	}

	/** There will be no further requests but those that have begun: nothing rests any more. */
	retire(now: number): void {
		this.#isRetired = true;
		this.sweep(now);
	}

	/** Whether nothing is left of it. */
	get isOver(): boolean {
		return this.#isRetired && this.#open.size === 0 && this.#dialling === 0;
	}

	/** Ends every connection, and every dial under way. */
	close(): void {
		this.#closed.abort();
		for (const socket of this.#open) {
			socket.destroy();
		}
	}
}

/** The pools of all backends. */
export class Pools {
	readonly #dialer: Dialer;
	readonly #pools = new Map<Backend, Pool>();
	/** Those that have a route. `undefined` before any was taken away. */
	#routed: ReadonlySet<Backend> | undefined;

	constructor(dialer: Dialer) {
		this.#dialer = dialer;
	}

	of(backend: Backend): Pool {
		let pool = this.#pools.get(backend);
		if (pool === undefined) {
			pool = new Pool(backend, this.#dialer);
			this.#pools.set(backend, pool);
			if (this.#routed?.has(backend) === false) {
				pool.retire(0);
			}
		}
		return pool;
	}

	/** Lets go of every other backend, as soon as what has begun with it is over. */
	keep(routed: Iterable<Backend>, now: number): void {
		this.#routed = new Set(routed);
		for (const [backend, pool] of this.#pools) {
			if (!this.#routed.has(backend)) {
				pool.retire(now);
			}
		}
	}

	sweep(now: number): void {
		for (const [backend, pool] of this.#pools) {
			pool.sweep(now);
			if (pool.isOver) {
				this.#pools.delete(backend);
			}
		}
	}

	close(): void {
		for (const pool of this.#pools.values()) {
			pool.close();
		}
	}
}
