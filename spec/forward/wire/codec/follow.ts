import {ChunkedBody, type PassTrailers} from '../../../../lib/forward/wire/codec/chunked.js';
import {rawHeaders} from '../../../../lib/forward/wire/codec/fields.js';
import {lend} from '../splits.js';

/** What has become of a body, and of the bytes behind it. */
export interface Followed {
	readonly done: boolean;
	/** What may be passed on as it came. */
	readonly passed: string;
	readonly data: string;
	readonly tail: string | undefined;
	/** How many octets belong to the body. */
	readonly consumed: number;
}

const all: PassTrailers = (bytes, fields) =>
	rawHeaders(bytes, fields)
		.map((text, index) => (index % 2 ? `${text}\r\n` : `${text}: `))
		.join('');

/** Follows a body through its parts. */
export function follow(parts: readonly Buffer[], passTrailers = all): Followed {
	const body = new ChunkedBody(passTrailers);
	let passed = '';
	let data = '';
	let consumed = 0;
	for (const part of parts) {
		if (body.done) {
			break;
		}
		consumed += lend(part, (bytes, start, end) => {
			const text = (from: number, to: number) => bytes.toString('latin1', from, to);
			const stop = body.read(bytes, start, end, (from, to) => {
				data += text(from, to);
			});
			passed += text(start, Math.max(start, body.passed));
			return stop - start;
		});
	}
	return {done: body.done, passed, data, tail: body.tail?.toString('latin1'), consumed};
}
