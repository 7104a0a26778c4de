/**
 * Octets that a backend may send on a stream before it is told that the client has taken them. It is what is
 * held of a response at the most while its client takes nothing; on a local link it is never waited for.
 *
 * It is not a round number: Node's server resets a stream in place of ending it, where the last octet of a body
 * has used up the window and nobody has read the request.
 */
export const streamWindow = 256 * 1024 - 531;

/** How much a backend may send on one stream. */
export class ReceiveWindow {
	readonly #credit: (octets: number) => void;
	/** Octets that have come, and that the backend has not been told to be taken. */
	#uncredited = 0;
	#isPaused = false;

	/** @param credit tells the backend that it may send so many octets more */
	constructor(credit: (octets: number) => void) {
		this.#credit = credit;
	}

	/** A frame of so many octets begins. @returns whether the backend may send that many */
	accept(length: number): boolean {
		this.#uncredited += length;
		return this.#uncredited <= streamWindow;
	}

	/** @param goOn whether the client takes more: if not, the backend is not told to send more */
	pause(goOn: boolean): void {
		this.#isPaused = !goOn;
	}

	/** The client takes more. */
	resume(): void {
		this.#isPaused = false;
		this.settle();
	}

	/** Tells the backend what it may send again, when it is worth a frame. */
	settle(): void {
		if (!this.#isPaused && this.#uncredited * 2 >= streamWindow) {
			this.#credit(this.#uncredited);
			this.#uncredited = 0;
		}
	}
}
