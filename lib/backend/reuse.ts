import {setMaxListeners} from 'node:events';
import {Agent, type ClientRequest} from 'node:http';
import type {Socket} from 'node:net';
import type {Backend, Connections, Dialer} from '../forward/seams.js';

/** Most connections to one backend that are kept while nobody needs them. */
const mostIdle = 256;

/** How long a kept connection may be silent before the system probes it, in milliseconds. */
const probeAfter = 1000;

/** A connection that nobody needs at the moment. */
interface Idle {
	readonly socket: Socket;
	/** Bytes that had come over it when it was let go. */
	readonly bytesRead: number;
}

/** Node's own agent gives an error so, in place of the connection. */
type Assign = (socket: Socket | undefined, error?: Error) => void;

/**
 * Connections to one backend, kept open between requests. Node's agent would look for the host of every
 * request, and read headers and set timers for every response.
 */
class ReusingAgent extends Agent {
	/** Whether the request that is being made still waits for its connection. */
	wanted: () => boolean = () => true;
	readonly #dial: (wanted: () => boolean) => Promise<Socket>;
	/** Most recently used last. */
	readonly #idle: Idle[] = [];
	/** Every connection, those too that have become tunnels. */
	readonly #open = new Set<Socket>();

	constructor(dial: (wanted: () => boolean) => Promise<Socket>) {
		super({keepAlive: true});
		this.#dial = dial;
	}

	/** Called by Node's HTTP client, which takes any object that has it for an agent. */
	addRequest(request: ClientRequest): void {
		for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
			const {socket, bytesRead} = idle;
			// What a backend says without having been asked would be taken for the answer to this request.
			if (socket.writable && socket.bytesRead === bytesRead) {
				request.reusedSocket = true;
				request.onSocket(socket);
				return;
			}
			socket.destroy();
		}
		this.#dial(this.wanted).then(
			socket => {
				this.#adopt(socket);
				request.onSocket(socket);
			},
			(error: Error) => (request.onSocket as Assign).call(request, undefined, error),
		);
	}

	#adopt(socket: Socket): void {
		this.#open.add(socket);
		socket.setKeepAlive(true, probeAfter);
		socket.on('error', () => {
			/* 'close' follows, and is what counts */
		});
		socket.on('free', () => {
			const {bytesRead} = socket;
			// Without a byte it was never used, its request having gone: a backend may await a head on it.
			if (socket.writable && bytesRead > 0 && this.#idle.length < mostIdle) {
				this.#idle.push({socket, bytesRead});
			} else {
				socket.destroy();
			}
		});
		socket.once('close', () => {
			this.#open.delete(socket);
			const place = this.#idle.findIndex(idle => idle.socket === socket);
			if (place >= 0) {
				this.#idle.splice(place, 1);
			}
		});
	}

	override destroy(): void {
		super.destroy();
		for (const socket of this.#open) {
			socket.destroy();
		}
	}
}

/** Connections that somebody has to close. */
export interface OwnedConnections extends Connections {
	/** Ends every connection to every backend, and every dial under way. */
	close(): void;
}

/**
 * Keeps connections to backends for reuse, most recently used first.
 *
 * @param dialer opens what is missing
 */
export function createConnections(dialer: Dialer): OwnedConnections {
	const agents = new Map<Backend, ReusingAgent>();
	const closed = new AbortController();
	// Every dial under way listens, and Node would warn the user of the eleventh.
	setMaxListeners(0, closed.signal);
	return {
		agentFor(backend, wanted) {
			let agent = agents.get(backend);
			if (agent === undefined) {
				agent = new ReusingAgent(stillWanted => dialer.dial(backend, closed.signal, stillWanted));
				agents.set(backend, agent);
			}
			agent.wanted = wanted;
			return agent;
		},
		close() {
			closed.abort();
			for (const agent of agents.values()) {
				agent.destroy();
			}
			agents.clear();
		},
	};
}
