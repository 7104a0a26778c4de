import type {RawHeaders} from '../../../headers.js';
import {ownCopy} from '../../codec/octets.js';
import {encodeHuffman, huffmanLength} from './huffman.js';
import {writeInteger} from './integer.js';
import {staticFields} from './static-table.js';

/** The first octet of a field, by its representation (RFC 7541 section 6). */
const indexed = 0x80;
const withoutIndexing = 0x00;
const neverIndexed = 0x10;

/** Who says to an intermediary that a field is a secret, which it must not put into a table. */
const secret = new Set(['cookie', 'set-cookie', 'authorization', 'proxy-authorization']);

/** What the static table knows of a name. */
interface StaticName {
	/** The first index with this name. */
	readonly index: number;
	/** Indices of the whole field by value. */
	readonly values: Map<string, number>;
}

const unknown: StaticName = {index: 0, values: new Map()};

const names = new Map<string, StaticName>();
for (const [place, {name, value}] of staticFields.entries()) {
	const known = names.get(name) ?? {index: place + 1, values: new Map()};
	names.set(name, known);
	known.values.set(value, place + 1);
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
		most += text.length + longestInteger;
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
	const whole = known.values.get(value);
	if (whole !== undefined) {
		scratch[start] = indexed | whole;
		return start + 1;
	}
	const representation = secret.has(name) ? neverIndexed : withoutIndexing;
	const end = writeInteger(scratch, start, representation, 0x0f, known.index);
	return writeText(known.index === 0 ? writeText(end, name) : end, value);
}

/** Huffman-coded where that is shorter. */
function writeText(start: number, text: string): number {
	const coded = huffmanLength(text);
	if (coded < text.length) {
		return encodeHuffman(text, scratch, writeInteger(scratch, start, 0x80, 0x7f, coded));
	}
	const end = writeInteger(scratch, start, 0, 0x7f, text.length);
	return end + scratch.write(text, end, 'latin1');
}
