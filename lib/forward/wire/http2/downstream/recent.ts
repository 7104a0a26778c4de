/** How a stream was closed: by both sides, by its client, or by Sealport, before the client was done. */
export type Closed = 'ended' | 'reset by client' | 'reset here';

/** How many are remembered: their frames may still be on the way. */
const most = 512;

/** The streams of a connection that were closed last. */
export class RecentStreams {
	readonly #closed = new Map<number, Closed>();

	add(stream: number, how: Closed): void {
		this.#closed.set(stream, how);
		if (this.#closed.size > most) {
			for (const oldest of this.#closed.keys()) {
				this.#closed.delete(oldest);
				break;
			}
		}
	}

	/** `undefined` for one that was closed long ago, or never opened. */
	get(stream: number): Closed | undefined {
		return this.#closed.get(stream);
	}
}
