import {setMaxListeners} from 'node:events';
import {Agent, type AgentOptions, type ClientRequestArgs} from 'node:http';
import type {Socket} from 'node:net';
import type {Backend, Connections, Dialer} from '../forward/seams.js';

/** Connections to one backend, kept open between requests. */
class ReusingAgent extends Agent {
	/** Whether the request that is being made still waits for its connection. */
	wanted: () => boolean = () => true;
	readonly #dial: (wanted: () => boolean) => Promise<Socket>;
	/** Those too that Node's agent has let go of, because they have become tunnels. */
	readonly #open = new Set<Socket>();

	constructor(options: AgentOptions, dial: (wanted: () => boolean) => Promise<Socket>) {
		super(options);
		this.#dial = dial;
	}

	override createConnection(
		_options: ClientRequestArgs,
		callback?: (error: Error | null, socket: Socket) => void,
	): undefined {
		this.#dial(this.wanted).then(
			socket => {
				this.#open.add(socket);
				socket.once('close', () => this.#open.delete(socket));
				callback?.(null, socket);
			},
			(error: Error) => callback?.(error, undefined as unknown as Socket),
		);
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
				agent = new ReusingAgent({keepAlive: true, scheduling: 'lifo'}, stillWanted =>
					dialer.dial(backend, closed.signal, stillWanted),
				);
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
