import type {Fields} from './fields.js';
import type {Frame} from './peer.js';
import {readBlock} from './read-block.js';

/** A response that is complete. */
export interface Response {
	readonly status: number;
	/** Without `:status`. */
	readonly fields: Fields;
	/** Informational responses before it, each with its `:status`. */
	readonly informed: readonly Fields[];
	readonly trailers: Fields | undefined;
	readonly body: Buffer;
}

/**
 * Puts together the frames of one stream.
 *
 * @returns the response once it is complete
 * @throws Error when the stream has been reset before it was, or when it is not a proper response
 */
export function readResponse(frames: readonly Frame[]): Response | undefined {
	const sections: Fields[] = [];
	const body: Buffer[] = [];
	let block: Buffer[] = [];
	let ended = false;
	for (const {type, flags, payload, endStream, code} of frames) {
		if (type === 'RST_STREAM' && !ended) {
			throw new Error(`the stream was reset: ${code}`);
		}
		if (type === 'DATA') {
			body.push(payload);
		}
		ended ||= endStream;
		if (type === 'HEADERS' || type === 'CONTINUATION') {
			block.push(payload);
			if ((flags & 4) !== 0) {
				sections.push(readBlock(Buffer.concat(block)));
				block = [];
			}
		}
	}
	if (!ended || block.length > 0) {
		return undefined;
	}
	const informed = sections.filter(section => statusOf(section) < 200);
	const [head, trailers, ...tooMany] = sections.slice(informed.length);
	if (head === undefined || Number.isNaN(statusOf(head)) || tooMany.length > 0) {
		throw new Error(`no proper response: ${JSON.stringify(sections)}`);
	}
	return {
		status: statusOf(head),
		fields: head.slice(1),
		informed,
		trailers,
		body: Buffer.concat(body),
	};
}

function statusOf([first]: Fields): number {
	return first?.[0] === ':status' ? Number(first[1]) : Number.NaN;
}
