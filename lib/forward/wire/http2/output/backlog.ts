const nothing = Buffer.alloc(0);

/**
 * Bytes that wait, in one piece of memory: however small the parts in which they come, they take no more than
 * twice their number.
 */
export class Backlog {
	#bytes = nothing;
	#start = 0;
	#end = 0;

	/** Octets that wait. */
	get length(): number {
		return this.#end - this.#start;
	}

	add(bytes: Buffer, start: number, end: number): void {
		const length = end - start;
		if (this.#end + length > this.#bytes.length) {
			this.#makeRoom(length);
		}
		bytes.copy(this.#bytes, this.#end, start, end);
		this.#end += length;
	}

	/** The bytes that wait, valid until more are added. */
	peek(): Buffer {
		return this.#bytes.subarray(this.#start, this.#end);
	}

	/** Forgets so many of the first. */
	drop(length: number): void {
		this.#start += length;
		if (this.#start === this.#end) {
			this.clear();
		}
	}

	/** Forgets everything, and gives back the memory. */
	clear(): void {
		this.#bytes = nothing;
		this.#start = 0;
		this.#end = 0;
	}

	#makeRoom(length: number): void {
		const waiting = this.length;
		// Most often nothing is added to what comes first: its sender is told to wait.
		const room = waiting === 0 ? length : (waiting + length) * 1.5;
		const bytes = Buffer.allocUnsafeSlow(Math.max(1024, room));
		this.#bytes.copy(bytes, 0, this.#start, this.#end);
		this.#bytes = bytes;
		this.#start = 0;
		this.#end = waiting;
	}
}
