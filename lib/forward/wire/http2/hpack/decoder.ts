import {fieldLike, type Http2Field, makeField} from '../field.js';
import {BlockReader, broken} from './block-reader.js';
import {DynamicTable} from './dynamic-table.js';
import {staticFields, staticSize} from './static-table.js';

/** Octets that a field counts besides its name and value (RFC 7541 section 4.1). */
const extraOfField = 32;

/** The size of the table until the peer has heard ours and chosen another (RFC 9113 section 4.3.1). */
const defaultSize = 4096;

/** Reads the field blocks of one connection, in the order in which they come (RFC 7541). */
export class HpackDecoder {
	readonly #table: DynamicTable;
	/** Largest size that the peer may choose for the table. */
	readonly #limit: number;
	readonly #reader = new BlockReader();

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
	 * Appends the fields of a block to `fields`. A field with which the list is over `most` octets, or has
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
		const reader = this.#reader;
		reader.open(bytes, start, end);
		this.#resize();
		let size = 0;
		let left = mostFields;
		while (reader.index < end) {
			const octet = bytes[reader.index] ?? 0;
			let field: Http2Field;
			if (octet >= 0x80) {
				field = this.#field(reader.integer(0x7f));
			} else if (octet >= 0x40) {
				field = this.#literal(0x3f);
				this.#table.add(field);
			} else if (octet >= 0x20) {
				throw broken('a field block changes the size of the table behind a field');
			} else if (left < 0) {
				size += this.#skipLiteral();
				continue;
			} else {
				field = this.#literal(0x0f);
			}
			size += field.size;
			left = size > most ? -1 : left - 1;
			if (left >= 0) {
				fields.push(field);
			}
		}
		reader.close();
		return size;
	}

	/** Reads the changes of the table's size, which come before all fields. */
	#resize(): void {
		const reader = this.#reader;
		while (reader.startsResize) {
			const size = reader.integer(0x1f);
			if (size > this.#limit) {
				throw broken('a field block makes the table larger than it may be');
			}
			this.#table.resize(size);
		}
	}

	#field(index: number): Http2Field {
		const field =
			index <= staticSize ? staticFields[index - 1] : this.#table.at(index - staticSize - 1);
		if (field === undefined) {
			throw broken('a field block refers to a field that no table has');
		}
		return field;
	}

	#literal(prefix: number): Http2Field {
		const reader = this.#reader;
		const index = reader.integer(prefix);
		if (index !== 0) {
			const named = this.#field(index);
			const value = reader.text();
			return fieldLike(named, value, reader.oddities);
		}
		const name = reader.text();
		const oddities = reader.oddities;
		const value = reader.text();
		return makeField(name, value, oddities, reader.oddities);
	}

	/** Reads a literal that nobody is to see. @returns its size */
	#skipLiteral(): number {
		const reader = this.#reader;
		const index = reader.integer(0x0f);
		const name = index === 0 ? reader.textLength() : this.#field(index).name.length;
		return name + reader.textLength() + extraOfField;
	}
}
