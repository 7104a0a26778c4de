import type {Socket} from 'node:net';

/** Bytes of each body, by path. Every other path answers with the small one. */
export const lengths = {small: 36, '100k': 100 * 1024, '64m': 64 * 1024 * 1024} as const;

const piece = Buffer.alloc(256 * 1024, 'sealport bench ');

/** Whether the connection stays after the response; where it does not, the response says so (RFC 9112 9.6). */
export type Persistence = 'keep' | 'close';

const head = (length: number, persistence: Persistence): string =>
	[
		'HTTP/1.1 200 OK',
		'Content-Type: text/plain; charset=utf-8',
		`Content-Length: ${length}`,
		'Cache-Control: no-cache',
		'ETag: W/"24-5Vq0dLyz"',
		'Date: Mon, 01 Jan 2024 00:00:00 GMT',
		...(persistence === 'close' ? ['Connection: close'] : []),
		'',
		'',
	].join('\r\n');

const whole = (length: number): Record<Persistence, Buffer> => {
	const body = Buffer.alloc(length, piece);
	return {
		keep: Buffer.concat([Buffer.from(head(length, 'keep')), body]),
		close: Buffer.concat([Buffer.from(head(length, 'close')), body]),
	};
};

/** Head and body in one, for what is small enough to be written at once. */
export const ready = {small: whole(lengths.small), '100k': whole(lengths['100k'])} as const;

/**
 * Writes the largest body in pieces, no faster than it is taken.
 *
 * @param sent told of each piece that the kernel has taken, in bytes
 */
export function writeLarge(
	socket: Socket,
	persistence: Persistence,
	sent: (bytes: number) => void,
): void {
	let left = lengths['64m'];
	socket.write(head(left, persistence));
	const next = (): void => {
		if (left === 0 && persistence === 'close') {
			socket.end();
		}
		if (left === 0 || socket.destroyed) {
			return;
		}
		const bytes = Math.min(left, piece.length);
		left -= bytes;
		socket.write(piece.subarray(0, bytes), error => {
			if (!error) {
				sent(bytes);
				next();
			}
		});
	};
	next();
}
