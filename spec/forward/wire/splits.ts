/**
 * The ways in which bytes may arrive: at once, in two parts split at every boundary, and one by one. What
 * a reader makes of them must be the same every time.
 */
export function* splits(text: string): Generator<readonly Buffer[]> {
	const bytes = Buffer.from(text, 'latin1');
	yield [bytes];
	for (let index = 1; index < bytes.length; index++) {
		yield [bytes.subarray(0, index), bytes.subarray(index)];
	}
	yield Array.from(bytes, octet => Buffer.of(octet));
}

/**
 * Lends bytes for one call, as the data plane does: amid others, and overwritten as soon as it returns.
 *
 * @param use is given the memory, and where the bytes lie in it
 */
export function lend<T>(part: Buffer, use: (bytes: Buffer, start: number, end: number) => T): T {
	const margin = 3;
	const memory = Buffer.alloc(part.length + 2 * margin, '#');
	part.copy(memory, margin);
	try {
		return use(memory, margin, margin + part.length);
	} finally {
		memory.fill('!');
	}
}
