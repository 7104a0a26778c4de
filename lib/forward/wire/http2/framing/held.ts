const nothing = Buffer.alloc(0);

/** What has come in part, until it is whole. */
export class Held {
	#bytes = nothing;
	#filled = 0;

	/** Whether nothing is held, nor expected. */
	get isEmpty(): boolean {
		return this.#bytes === nothing;
	}

	/** @param size octets of the whole, at least one */
	begin(size: number): void {
		this.#bytes = Buffer.allocUnsafeSlow(size);
		this.#filled = 0;
	}

	/**
	 * Takes what belongs to it.
	 *
	 * @returns up to where the chunk has been taken
	 */
	fill(chunk: Buffer, start: number, end: number): number {
		const copied = chunk.copy(this.#bytes, this.#filled, start, end);
		this.#filled += copied;
		return start + copied;
	}

	/** The whole, once all of it has come; nothing is held then. */
	take(): Buffer | undefined {
		const bytes = this.#bytes;
		if (this.#filled < bytes.length) {
			return undefined;
		}
		this.#bytes = nothing;
		return bytes;
	}
}
