import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import type {Readable, Writable} from 'node:stream';
import {setTimeout as pause} from 'node:timers/promises';

const block = randomBytes(2 ** 20);

/**
 * Writes so many bytes to a stream, as fast as it takes them. The content is one random block over
 * and over, so that it costs nothing to make and a byte out of its place is seen.
 */
export async function writeBulk(stream: Writable, size: number): Promise<void> {
	for (let sent = 0; sent < size; sent += block.length) {
		if (!stream.write(block.subarray(0, Math.min(block.length, size - sent)))) {
			await once(stream, 'drain');
		}
	}
}

/** Takes bulk in, piece by piece, and knows whether it is what `writeBulk` sent. */
export class BulkCheck {
	#received = 0;

	/** How many bytes have come, all of them right. */
	get received(): number {
		return this.#received;
	}

	/** @throws when a byte is not the one that was sent */
	add(chunk: Buffer): void {
		for (let from = 0; from < chunk.length; ) {
			const at = this.#received % block.length;
			const length = Math.min(chunk.length - from, block.length - at);
			if (block.compare(chunk, from, from + length, at, at + length) !== 0) {
				throw new Error(`wrong content within ${length} bytes of offset ${this.#received}`);
			}
			from += length;
			this.#received += length;
		}
	}
}

/**
 * Reads bulk like somebody who is slow: not at all at first, later with a rest every now and then,
 * and in between as fast as it comes. Resolves when all of it was there.
 *
 * @param rests how long the reader does not read, in milliseconds, spread evenly over the whole
 */
export async function readSlowly(
	stream: Readable,
	size: number,
	rests: readonly number[],
	check = new BulkCheck(),
): Promise<void> {
	stream.pause();
	await new Promise<void>((resolve, reject) => {
		const left = rests.map((length, index) => ({length, at: (size / rests.length) * index}));
		const rest = async () => {
			const next = left.shift();
			stream.pause();
			await pause(next?.length);
			stream.resume();
		};
		stream.on('data', (chunk: Buffer) => {
			try {
				check.add(chunk);
			} catch (error) {
				reject(error);
			}
			if (check.received >= size) {
				resolve();
			} else if (left[0] !== undefined && check.received >= left[0].at) {
				void rest();
			}
		});
		stream.once('error', reject);
		stream.once('close', () => reject(new Error(`closed after ${check.received} bytes`)));
		void rest();
	});
}
