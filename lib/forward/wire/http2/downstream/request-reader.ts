import {ProxyError} from '../../../../errors.js';
import type {Client, Snapshot} from '../../../seams.js';
import {ownCopy, TooLarge} from '../../codec/octets.js';
import {fieldKind, type Http2Field} from '../field.js';
import {HpackDecoder} from '../hpack/decoder.js';
import {readTrailers} from '../request.js';
import {type Prepared, prepare, refuse} from './prepared.js';

/** Blocks up to this size are remembered, in octets. Whoever asks again for the same refers to the table. */
const largestRemembered = 256;

/** A request that a block stood for, as long as the table has not changed. */
interface Remembered {
	readonly block: Buffer;
	readonly changes: number;
	readonly snapshot: Snapshot;
	readonly prepared: Prepared;
}

/**
 * Reads the field blocks of one connection. The last one is remembered: where a client asks for the same
 * again, it costs a comparison.
 */
export class RequestReader {
	readonly #decoder = new HpackDecoder();
	readonly #limits: {readonly headSize: number; readonly fields: number};
	readonly #client: Client;
	#last: Remembered | undefined;

	constructor(limits: {readonly headSize: number; readonly fields: number}, client: Client) {
		this.#limits = limits;
		this.#client = client;
	}

	/**
	 * Reads the header section of a request.
	 *
	 * @param complete whether it has no body
	 * @throws ConnectionError for a block that cannot be decoded, Malformed
	 */
	read(bytes: Buffer, start: number, end: number, complete: boolean, snapshot: Snapshot): Prepared {
		const last = this.#last;
		const {changes} = this.#decoder;
		if (
			complete &&
			last !== undefined &&
			last.changes === changes &&
			last.snapshot === snapshot &&
			last.block.length === end - start &&
			bytes.compare(last.block, 0, last.block.length, start, end) === 0
		) {
			return last.prepared;
		}
		const fields: Http2Field[] = [];
		const why = this.#decode(bytes, start, end, fields);
		const prepared =
			why === undefined
				? prepare(fields, complete, snapshot, this.#client)
				: refuse(fields, why, snapshot, this.#client);
		const isFixed = this.#decoder.changes === changes;
		this.#last =
			complete &&
			isFixed &&
			!(prepared.plan instanceof ProxyError) &&
			end - start <= largestRemembered
				? {block: ownCopy(bytes, start, end), changes, snapshot, prepared}
				: undefined;
		return prepared;
	}

	/**
	 * Reads a trailer section, as field lines.
	 *
	 * @throws ConnectionError, Malformed, TooLarge
	 */
	readTrailers(bytes: Buffer, start: number, end: number): string {
		const fields: Http2Field[] = [];
		const why = this.#decode(bytes, start, end, fields);
		if (why !== undefined) {
			throw new TooLarge(why);
		}
		return readTrailers(fields);
	}

	/** Reads a block that is of no use, since the next one may refer to what it puts into the table. */
	skip(bytes: Buffer, start: number, end: number): void {
		this.#decoder.decode(bytes, start, end, [], 0, 0);
	}

	/** @returns what of it is too large */
	#decode(bytes: Buffer, start: number, end: number, fields: Http2Field[]): string | undefined {
		const {headSize, fields: most} = this.#limits;
		const size = this.#decoder.decode(bytes, start, end, fields, headSize, headSize);
		if (size > headSize) {
			return `it has more than ${headSize} octets`;
		}
		const isTooMany = fields.length > most && countLines(fields) > most;
		return isTooMany ? `it has more than ${most} header fields` : undefined;
	}
}

/** How many header fields it makes in HTTP/1.1, where the crumbs of a cookie are one (RFC 9113 section 8.2.3). */
function countLines(fields: readonly Http2Field[]): number {
	let lines = 0;
	let cookies = 0;
	for (const {kind, name} of fields) {
		if (kind === fieldKind.cookie) {
			cookies = 1;
		} else if (kind === fieldKind.authority || !name.startsWith(':')) {
			lines++;
		}
	}
	return lines + cookies;
}
