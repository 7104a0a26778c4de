import {Malformed, TooLarge} from '../../lib/forward/wire/codec/octets.js';
import {ResponseReader} from '../../lib/forward/wire/upstream/response-reader.js';

/** What comes of a response: in order, with its body put together. */
export interface ReadResponse {
	readonly kind: 'complete' | 'incomplete' | 'refused' | 'switched';
	readonly heads: readonly string[];
	readonly body: string;
	readonly reusable: boolean;
}

/** Reads a response that comes in pieces, after which the connection ends. Throws faults of the reader. */
export function readResponse(
	pieces: readonly string[],
	method: string,
	unchunk: boolean,
): ReadResponse {
	const heads: string[] = [];
	let body = '';
	const take = (bytes: Buffer | undefined) => {
		body += bytes?.toString('latin1') ?? '';
		return true;
	};
	const reader = new ResponseReader();
	reader.expect(
		{method, unchunk},
		{
			inform: head => void heads.push(head.bytes.toString('latin1')),
			respond(head, _framing, bytes) {
				heads.push(head.bytes.toString('latin1'));
				return take(bytes);
			},
			body: take,
			switched: head => void heads.push(head.bytes.toString('latin1')),
			tunnelled: take,
			end: () => undefined,
			closed: () => undefined,
			drained: () => undefined,
			fail: () => undefined,
		},
	);
	const result = (kind: ReadResponse['kind']): ReadResponse => ({
		kind,
		heads,
		body,
		reusable: reader.reusable,
	});
	try {
		for (const piece of pieces) {
			reader.read(Buffer.from(piece, 'latin1'));
			if (reader.switched) {
				return result('switched');
			}
			if (reader.done) {
				take(reader.tail);
				return result('complete');
			}
		}
		return result(reader.ended() ? 'complete' : 'incomplete');
	} catch (error) {
		if (error instanceof Malformed || error instanceof TooLarge) {
			return result('refused');
		}
		throw error;
	}
}
