import type {RawHeaders} from '../../../headers.js';
import {ownCopy} from '../../codec/octets.js';
import {encodeHuffman, mostHuffman} from './huffman-encoder.js';
import {staticFields} from './static-table.js';

/** The first octet of a field, by its representation (RFC 7541 section 6). */
const indexed = 0x80;
const withoutIndexing = 0x00;
const neverIndexed = 0x10;

/** What is known of a name. */
interface KnownName {
	/** The first index with it in the static table, or 0. */
	readonly index: number;
	/** The first octet of a literal. */
	readonly literal: number;
	/** Indices of whole fields by value. */
	readonly values: Map<string, number> | undefined;
}

/** What no intermediary may put into a table, since whoever can guess at it could find it out. */
const secret = new Set(['cookie', 'set-cookie', 'authorization', 'proxy-authorization']);

const unknown: KnownName = {index: 0, literal: withoutIndexing, values: undefined};

const names = new Map<string, KnownName>();
for (const [place, {name, value}] of staticFields.entries()) {
	const index = place + 1;
	const known = names.get(name);
	if (known === undefined) {
		names.set(name, {
			index,
			literal: secret.has(name) ? neverIndexed : withoutIndexing,
			values: value === '' ? undefined : new Map([[value, index]]),
		});
	} else {
		known.values?.set(value, index);
	}
}

/** Most octets that an integer takes. */
const longestInteger = 6;

/** Blocks are put together here; it grows with the largest. */
let scratch = Buffer.allocUnsafeSlow(4096);

/**
 * Says to the peer that the dynamic table is not used (RFC 7541 section 4.2). It has to begin the first
 * block behind the acknowledgement of a setting that makes the table smaller than it was.
 */
export const noDynamicTable: Buffer = ownCopy(Buffer.from([0x20]), 0, 1);

/**
 * The field block of a header or trailer section. It uses no dynamic table: so it means the same at any
 * time and on every connection, and costs the peer nothing to remember.
 *
 * @param fields name, value, name, value; names in lower case, each character an octet
 * @returns in memory of its own, since it is remembered
 */
export function encodeFields(fields: RawHeaders): Buffer {
	let most = 0;
	for (const text of fields) {
		most += text.length * mostHuffman + mostHuffman + longestInteger;
	}
	if (most > scratch.length) {
		scratch = Buffer.allocUnsafeSlow(most);
	}
	let end = 0;
	for (let index = 0; index < fields.length; index += 2) {
		end = writeField(end, fields[index] ?? '', fields[index + 1] ?? '');
	}
	return ownCopy(scratch, 0, end);
}

function writeField(start: number, name: string, value: string): number {
	const known = names.get(name) ?? unknown;
	const whole = known.values?.get(value);
	if (whole !== undefined) {
		scratch[start] = indexed | whole;
		return start + 1;
	}
	const end = writeInteger(start, known.literal, 0x0f, known.index);
	return writeText(known.index === 0 ? writeText(end, name) : end, value);
}

/** Huffman-coded where that is shorter. */
function writeText(start: number, text: string): number {
	const from = start + (text.length < 0x7f ? 1 : longestInteger);
	const end = encodeHuffman(text, scratch, from);
	if (end - from >= text.length) {
		const raw = writeInteger(start, 0, 0x7f, text.length);
		return raw + scratch.write(text, raw, 'latin1');
	}
	const coded = writeInteger(start, 0x80, 0x7f, end - from);
	if (coded < from) {
		scratch.copyWithin(coded, from, end);
	}
	return end - from + coded;
}

/**
 * Writes an integer (RFC 7541 section 5.1).
 *
 * @param flags the bits of the first octet that do not belong to it
 * @returns the index behind it
 */
function writeInteger(start: number, flags: number, prefix: number, value: number): number {
	if (value < prefix) {
		scratch[start] = flags | value;
		return start + 1;
	}
	scratch[start] = flags | prefix;
	let index = start + 1;
	let rest = value - prefix;
	for (; rest >= 0x80; rest >>>= 7) {
		scratch[index++] = 0x80 | (rest & 0x7f);
	}
	scratch[index++] = rest;
	return index;
}
