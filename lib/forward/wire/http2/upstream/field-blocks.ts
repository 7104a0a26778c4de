import {Malformed, ownBytes, ownCopy, TooLarge} from '../../codec/octets.js';
import {type ResponseHead, readResponseHead} from '../../codec/response-head.js';
import {fieldKind, type Http2Field} from '../field.js';
import {HpackDecoder} from '../hpack/decoder.js';

/** Most fields of a header or trailer section. */
const mostFields = 1000;

/** Most octets of one, counted as RFC 7541 section 4.1 does. */
export const mostFieldOctets = 64 * 1024 + mostFields * 32;

/** Blocks up to this size are remembered, in octets: a connection that rests should not hold much. */
const largestRemembered = 1024;

/** A head, and what has to be the same for it to come again. */
interface Remembered {
	readonly block: Buffer;
	readonly changes: number;
	readonly head: ResponseHead;
}

/** Reads the field blocks that come over one connection to a backend, in their order. */
export class FieldBlocks {
	readonly #decoder = new HpackDecoder();
	/** The head that came last. Most backends send the same one again and again. */
	#last: Remembered | undefined;

	/**
	 * Reads the head of a response (RFC 9113 section 8.3.2).
	 *
	 * @throws ConnectionError; Malformed and TooLarge for what is wrong with this message alone
	 */
	head(bytes: Buffer, start: number, end: number): ResponseHead {
		const last = this.#last;
		if (
			last !== undefined &&
			last.changes === this.#decoder.changes &&
			last.block.compare(bytes, start, end) === 0
		) {
			return last.head;
		}
		const {changes} = this.#decoder;
		const head = headOf(this.#decode(bytes, start, end, 'head'));
		// A block that has changed the tables means something else now.
		const isLasting = changes === this.#decoder.changes && end - start <= largestRemembered;
		this.#last = isLasting ? {block: ownCopy(bytes, start, end), changes, head} : undefined;
		return head;
	}

	/**
	 * Reads a trailer section.
	 *
	 * @returns field lines and an empty line, without what may not be passed on; nothing when nothing is left
	 * @throws ConnectionError; Malformed and TooLarge for what is wrong with this message alone
	 */
	trailers(bytes: Buffer, start: number, end: number): Buffer | undefined {
		let lines = '';
		for (const field of this.#decode(bytes, start, end, 'trailer section')) {
			check(field, 'trailer');
			if (!framing.has(field.kind)) {
				lines += field.line;
			}
		}
		return lines === '' ? undefined : Buffer.from(`${lines}\r\n`, 'latin1');
	}

	/** Reads what is for nobody any more, since it has its part in the compression. */
	skip(bytes: Buffer, start: number, end: number): void {
		this.#decoder.decode(bytes, start, end, [], 0, 0);
	}

	#decode(bytes: Buffer, start: number, end: number, what: string): Http2Field[] {
		const fields: Http2Field[] = [];
		const size = this.#decoder.decode(bytes, start, end, fields, mostFieldOctets, mostFields + 1);
		if (size > mostFieldOctets) {
			throw new TooLarge(`its ${what} has more than ${mostFieldOctets} octets`);
		}
		if (fields.length > mostFields) {
			throw new TooLarge(`its ${what} has more than ${mostFields} fields`);
		}
		return fields;
	}
}

/** Fields that say where a message ends or goes, which trailers have no say in. */
const framing = new Set<number>([fieldKind.contentLength, fieldKind.host, fieldKind.trailer]);

function headOf(fields: readonly Http2Field[]): ResponseHead {
	const [status] = fields;
	if (status?.kind !== fieldKind.status || !/^[1-9]\d\d$/.test(status.value)) {
		throw new Malformed('its head does not begin with a status of three digits');
	}
	let text = `HTTP/1.1 ${status.value} \r\n`;
	for (let index = 1; index < fields.length; index++) {
		const field = fields[index] as Http2Field;
		check(field, 'header');
		text += field.line;
	}
	return readResponseHead(ownBytes(`${text}\r\n`), mostFields);
}

/** @throws Malformed for a field that no message of a server may have behind its status */
function check({kind, name, isValid}: Http2Field, what: string): void {
	if (!isValid) {
		throw new Malformed(`it has a ${what} field with a name or a value that none may have`);
	}
	if (kind === fieldKind.connectionLevel || kind === fieldKind.te) {
		throw new Malformed(`it has the ${what} field ${name}, which HTTP/2 has not`);
	}
	if (kind >= fieldKind.method && kind <= fieldKind.unknownPseudo) {
		throw new Malformed(`it has the pseudo-header ${name} where none may be`);
	}
}
