import type {TLSSocket} from 'node:tls';
import type {Lane} from './lane.js';

interface Running {
	readonly lane: Lane;
	connections: number;
}

/** The lane in force, and those before it for as long as they have connections. */
export class Lanes {
	#current: Running;
	readonly #former = new Set<Running>();

	constructor(lane: Lane) {
		this.#current = {lane, connections: 0};
	}

	/** Takes a connection whose handshake is done. */
	accept(socket: TLSSocket): void {
		const running = this.#current;
		running.connections++;
		socket.once('close', () => {
			running.connections--;
			this.#forgetIfIdle(running);
		});
		running.lane.accept(socket);
	}

	/** Connections that come from now on are for this one. */
	replace(lane: Lane): void {
		const before = this.#current;
		this.#current = {lane, connections: 0};
		this.#former.add(before);
		this.#forgetIfIdle(before);
	}

	reloaded(): void {
		this.#each(lane => lane.reloaded());
	}

	drain(): void {
		this.#each(lane => lane.drain());
	}

	close(): void {
		this.#each(lane => lane.close());
	}

	#each(act: (lane: Lane) => void): void {
		for (const {lane} of [...this.#former, this.#current]) {
			act(lane);
		}
	}

	#forgetIfIdle(running: Running): void {
		if (running.connections === 0 && this.#former.delete(running)) {
			running.lane.close();
		}
	}
}
