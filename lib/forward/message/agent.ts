import {Agent, type ClientRequest} from 'node:http';
import type {Socket} from 'node:net';
import type {Clock} from '../wire/clock.js';
import type {Pool} from '../wire/upstream/pool.js';

/** Most connections to one backend that are kept while nobody needs them. */
const mostIdle = 256;

/** How long a kept connection may be silent before the system probes it, in milliseconds. */
const probeAfter = 1000;

/** How long a connection may rest, in milliseconds: servers close theirs after five seconds. */
const longestRest = 3000;

/** A connection that nobody needs at the moment. */
interface Idle {
	readonly socket: Socket;
	/** Bytes that had come over it when it was let go. */
	readonly bytesRead: number;
	/** Until when it may be used again, on the lane's clock. */
	readonly until: number;
}

/** Node's own agent gives an error so, in place of the connection. */
type Assign = (socket: Socket | undefined, error?: Error) => void;

/**
 * Connections to one backend, kept open between requests, for Node's HTTP client. Node's agent would look for
 * the host of every request, and read headers and set timers for every response.
 */
export class ReusingAgent extends Agent {
	/** Whether the request that is being made still waits for its connection. */
	wanted: () => boolean = () => true;
	readonly #pool: Pool;
	readonly #clock: Clock;
	/** Most recently used last. */
	#idle: Idle[] = [];

	constructor(pool: Pool, clock: Clock) {
		super({keepAlive: true});
		this.#pool = pool;
		this.#clock = clock;
		pool.sweeps.add(() => this.#sweep());
	}

	/** Called by Node's HTTP client, which takes any object that has it for an agent. */
	addRequest(request: ClientRequest): void {
		for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
			const {socket, bytesRead, until} = idle;
			// What a backend says without having been asked would be taken for the answer to this request.
			if (socket.writable && socket.bytesRead === bytesRead && this.#clock.now < until) {
				request.reusedSocket = true;
				request.onSocket(socket);
				return;
			}
			socket.destroy();
		}
		this.#pool.openSocket(this.wanted).then(
			socket => {
				this.#adopt(socket);
				request.onSocket(socket);
			},
			(error: Error) => (request.onSocket as Assign).call(request, undefined, error),
		);
	}

	#adopt(socket: Socket): void {
		socket.setKeepAlive(true, probeAfter);
		socket.on('error', () => {
			/* 'close' follows, and is what counts */
		});
		socket.on('free', () => {
			const {bytesRead} = socket;
			// Without a byte it was never used, its request having gone: a backend may await a head on it.
			if (socket.writable && bytesRead > 0 && this.#idle.length < mostIdle) {
				this.#idle.push({socket, bytesRead, until: this.#clock.now + longestRest});
			} else {
				socket.destroy();
			}
		});
		socket.once('close', () => {
			const place = this.#idle.findIndex(idle => idle.socket === socket);
			if (place >= 0) {
				this.#idle.splice(place, 1);
			}
		});
	}

	#sweep(): void {
		const over = this.#idle.filter(({until}) => this.#clock.now >= until);
		for (const {socket} of over) {
			socket.destroy();
		}
	}
}
