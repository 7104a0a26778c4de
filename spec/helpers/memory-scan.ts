import {createECDH} from 'node:crypto';
import {closeSync, openSync, readFileSync, readSync} from 'node:fs';

/** What a scan saw. */
export interface Scan {
	/** Bytes that were read. */
	readonly bytes: number;
	/** Windows that could have been a key, and were tried. */
	readonly tried: number;
	/** The public keys, in hexadecimal, whose private key lies in the memory. */
	readonly found: ReadonlySet<string>;
}

const chunkSize = 1 << 24;

/**
 * Looks for P-256 private keys in all memory of a process that can be read and written (Linux).
 *
 * A key lies in memory as 32 bytes: little-endian on an 8-byte boundary (OpenSSL's limbs), or
 * big-endian anywhere (DER and raw encodings). Deriving a public key takes 25 µs, too much for each
 * window of a hundred megabytes, so only those are tried that look random: at least 24 distinct bytes,
 * from 5 to 27 with the highest bit set, at most 3 zeros. Of random keys one in several thousand does
 * not; the spec's positive control says so when it is hit.
 *
 * @param pid a child of this process, or this process
 * @param publicKeys uncompressed points in hexadecimal, to look for
 */
export function scanForKeys(pid: number, publicKeys: readonly string[]): Scan {
	const wanted = new Set(publicKeys);
	const found = new Set<string>();
	const seen = new Set<string>();
	const ecdh = createECDH('prime256v1');
	let bytes = 0;
	const attempt = (scalar: Buffer): void => {
		const text = scalar.toString('latin1');
		if (seen.has(text)) {
			return;
		}
		seen.add(text);
		try {
			ecdh.setPrivateKey(scalar);
		} catch {
			return;
		}
		const point = ecdh.getPublicKey('hex');
		if (wanted.has(point)) {
			found.add(point);
		}
	};
	const memory = openSync(`/proc/${pid}/mem`, 'r');
	try {
		for (const [start, end] of writableRanges(pid)) {
			for (let at = start; at < end; at += chunkSize - 32) {
				const chunk = Buffer.alloc(Math.min(chunkSize, end - at));
				try {
					bytes += readSync(memory, chunk, 0, chunk.length, at);
				} catch {
					break;
				}
				forEachRandomWindow(chunk, offset => {
					const window = chunk.subarray(offset, offset + 32);
					attempt(window);
					if ((at + offset) % 8 === 0) {
						attempt(Buffer.from(window).reverse());
					}
				});
			}
		}
	} finally {
		closeSync(memory);
	}
	return {bytes, tried: seen.size, found};
}

function* writableRanges(pid: number): Generator<readonly [number, number]> {
	for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
		const [, start, end] = /^([\da-f]+)-([\da-f]+) rw/.exec(line) ?? [];
		if (start !== undefined && end !== undefined) {
			yield [Number.parseInt(start, 16), Number.parseInt(end, 16)];
		}
	}
}

/** Calls with the offset of each 32-byte window that looks random; one pass, counts kept rolling. */
function forEachRandomWindow(chunk: Buffer, visit: (offset: number) => void): void {
	const counts = new Uint8Array(256);
	const count = (byte: number): number => counts[byte] ?? 0;
	let distinct = 0;
	let high = 0;
	for (let index = 0; index < chunk.length; index++) {
		const entering = chunk[index] ?? 0;
		distinct += count(entering) === 0 ? 1 : 0;
		counts[entering] = count(entering) + 1;
		high += entering >> 7;
		if (index >= 32) {
			const leaving = chunk[index - 32] ?? 0;
			counts[leaving] = count(leaving) - 1;
			distinct -= count(leaving) === 0 ? 1 : 0;
			high -= leaving >> 7;
		}
		if (index >= 31 && distinct >= 24 && high >= 5 && high <= 27 && count(0) <= 3) {
			visit(index - 31);
		}
	}
}
