/** Calls once when nothing has happened for a while. */
export class Patience {
	readonly #timer: NodeJS.Timeout;

	/** @param milliseconds how long that is */
	constructor(milliseconds: number, over: () => void) {
		this.#timer = setTimeout(over, milliseconds);
	}

	/** Something has happened. */
	renew(): void {
		this.#timer.refresh();
	}

	end(): void {
		clearTimeout(this.#timer);
	}
}
