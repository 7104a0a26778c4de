import {at, latin1} from '../../codec/octets.js';
import {fieldLike, type Http2Field, makeField} from '../field.js';
import {DynamicTable} from './dynamic-table.js';
import {decodeHuffman} from './huffman.js';
import {broken, integerEnd, readInteger} from './integer.js';
import {staticFields, staticSize} from './static-table.js';

/** Octets that a field counts besides its name and value (RFC 7541 section 4.1). */
const extraOfField = 32;

/** What Huffman-coded strings are decoded into; it grows with the longest. */
let scratch = Buffer.allocUnsafeSlow(4096);

/** The size of the table until the peer has heard ours and chosen another (RFC 9113 section 4.3.1). */
const defaultSize = 4096;

/** Reads the field blocks of one connection, in the order in which they come (RFC 7541). */
export class HpackDecoder {
	readonly #table: DynamicTable;
	/** Largest size that the peer may choose for the table. */
	readonly #limit: number;
	/** Where the string that was read last ends. */
	#end = 0;

	/** @param tableSize what our SETTINGS_HEADER_TABLE_SIZE says, in octets */
	constructor(tableSize = defaultSize) {
		this.#limit = tableSize;
		this.#table = new DynamicTable(defaultSize, tableSize);
	}

	/**
	 * Grows with every change of the table. While it stays the same, blocks of the same octets have the
	 * same fields.
	 */
	get changes(): number {
		return this.#table.changes;
	}

	/** Sum of the sizes of the fields in the table, in octets. */
	get tableSize(): number {
		return this.#table.size;
	}

	/**
	 * Appends the fields of a block to `fields`. A field behind which the list is over `most` octets, or has
	 * over `mostFields` fields, is not appended, nor is any that follows; but the block is read to its end,
	 * since the table must be the peer's.
	 *
	 * @param bytes has the whole block from `start` to `end`; nothing in the fields refers to it
	 * @param most of the sum of names and values and 32 octets a field (RFC 7541 section 4.1)
	 * @returns that sum for the whole block
	 * @throws ConnectionError (compressionError)
	 */
	decode(
		bytes: Buffer,
		start: number,
		end: number,
		fields: Http2Field[],
		most: number,
		mostFields: number,
	): number {
		let index = this.#resize(bytes, start, end);
		let size = 0;
		let left = mostFields;
		while (index < end) {
			const octet = at(bytes, index);
			let field: Http2Field | undefined;
			if (octet >= 0x80) {
				field = this.#field(readInteger(bytes, index, end, 0x7f));
				index = integerEnd;
			} else if (octet >= 0x40) {
				field = this.#literal(bytes, index, end, 0x3f);
				index = this.#end;
				this.#table.add(field);
			} else if (octet >= 0x20) {
				throw broken('a field block changes the size of the table behind a field');
			} else if (left >= 0) {
				field = this.#literal(bytes, index, end, 0x0f);
				index = this.#end;
			} else {
				size += this.#skip(bytes, index, end);
				index = this.#end;
				continue;
			}
			size += field.size;
			if (size > most || left <= 0) {
				left = -1;
			} else {
				fields.push(field);
				left--;
			}
		}
		return size;
	}

	/** Reads the changes of the table's size, which come before all fields. */
	#resize(bytes: Buffer, start: number, end: number): number {
		let index = start;
		while (index < end && (at(bytes, index) & 0xe0) === 0x20) {
			const size = readInteger(bytes, index, end, 0x1f);
			if (size > this.#limit) {
				throw broken('a field block makes the table larger than it may be');
			}
			this.#table.resize(size);
			index = integerEnd;
		}
		return index;
	}

	#field(index: number): Http2Field {
		const field =
			index <= staticSize ? staticFields[index - 1] : this.#table.at(index - staticSize - 1);
		if (field === undefined) {
			throw broken('a field block refers to a field that no table has');
		}
		return field;
	}

	/** Reads a literal, and sets `#end`. */
	#literal(bytes: Buffer, start: number, end: number, prefix: number): Http2Field {
		const index = readInteger(bytes, start, end, prefix);
		if (index === 0) {
			const name = this.#text(bytes, integerEnd, end);
			return makeField(name, this.#text(bytes, this.#end, end));
		}
		const named = this.#field(index);
		return fieldLike(named, this.#text(bytes, integerEnd, end));
	}

	/** Reads a literal that nobody is to see. @returns its size */
	#skip(bytes: Buffer, start: number, end: number): number {
		const index = readInteger(bytes, start, end, 0x0f);
		this.#end = integerEnd;
		const name =
			index === 0 ? this.#measure(bytes, this.#end, end) : this.#field(index).name.length;
		return name + this.#measure(bytes, this.#end, end) + extraOfField;
	}

	/** Reads a string, and sets `#end`. */
	#text(bytes: Buffer, start: number, end: number): string {
		const length = this.#measure(bytes, start, end);
		if (length === 0) {
			return '';
		}
		return at(bytes, start) >= 0x80
			? latin1(scratch, 0, length)
			: latin1(bytes, this.#end - length, this.#end);
	}

	/** Finds the end of a string. What is Huffman-coded lies in `scratch` then. @returns its length */
	#measure(bytes: Buffer, start: number, end: number): number {
		const length = readInteger(bytes, start, end, 0x7f);
		const from = integerEnd;
		this.#end = from + length;
		if (this.#end > end) {
			throw broken('a string in a field block is not complete');
		}
		if (at(bytes, start) < 0x80) {
			return length;
		}
		if (scratch.length < length * 2) {
			scratch = Buffer.allocUnsafeSlow(length * 2);
		}
		const decoded = decodeHuffman(bytes, from, this.#end, scratch);
		if (decoded < 0) {
			throw broken('a string in a field block is not Huffman-coded as it should be');
		}
		return decoded;
	}
}
