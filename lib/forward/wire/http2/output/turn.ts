/** What has something to write at the end of a turn of the event loop. */
export interface Flushing {
	flush(): void;
}

/**
 * Writes once for each turn of the event loop what has come together in it: the responses of many backends
 * leave in one TLS record.
 */
export class Turn {
	#waiting: Flushing[] = [];

	/** Has something flushed when everything that has arrived is dealt with. */
	add(flushing: Flushing): void {
		if (this.#waiting.push(flushing) === 1) {
			setImmediate(this.#flush);
		}
	}

	readonly #flush = () => {
		const waiting = this.#waiting;
		this.#waiting = [];
		for (const flushing of waiting) {
			flushing.flush();
		}
	};
}
