import {huffmanBits, octetsOf} from './huffman.js';

/** A field section, pseudo-headers included, in order. */
export type Fields = ReadonlyArray<readonly [name: string, value: string]>;

/** The fields of a GET, and others behind them. */
export function get(path = '/', ...more: Fields): Fields {
	return request('GET', path, ...more);
}

/** The fields of a POST, and others behind them. */
export function post(path = '/', ...more: Fields): Fields {
	return request('POST', path, ...more);
}

/** The fields of a request, and others behind them. */
export function request(method: string, path: string, ...more: Fields): Fields {
	return [
		[':method', method],
		[':scheme', 'https'],
		[':authority', 'localhost'],
		[':path', path],
		...more,
	];
}

/**
 * An integer (RFC 7541 section 5.1).
 *
 * @param prefix how many bits of the first octet it has
 * @param first what else is in the first octet
 */
export function integer(value: number, prefix: number, first = 0): Buffer {
	const most = 2 ** prefix - 1;
	if (value < most) {
		return Buffer.from([first | value]);
	}
	const octets = [first | most];
	let rest = value - most;
	for (; rest >= 128; rest = Math.floor(rest / 128)) {
		octets.push((rest % 128) + 128);
	}
	return Buffer.from([...octets, rest]);
}

/** A string literal (RFC 7541 section 5.2), each character an octet. */
export function text(value: string, huffman = false): Buffer {
	const octets = huffman ? octetsOf(huffmanBits(value)) : Buffer.from(value, 'latin1');
	return Buffer.concat([integer(octets.length, 7, huffman ? 0x80 : 0), octets]);
}

/** An indexed field (RFC 7541 section 6.1). */
export function indexed(index: number): Buffer {
	return integer(index, 7, 0x80);
}

const literals = {
	/** RFC 7541 section 6.2.1 */
	indexing: [6, 0x40],
	/** RFC 7541 section 6.2.2 */
	plain: [4, 0],
	/** RFC 7541 section 6.2.3 */
	never: [4, 0x10],
} as const;

/**
 * A literal field (RFC 7541 section 6.2).
 *
 * @param name or its index in the tables
 */
export function literal(
	name: string | number,
	value: string,
	kind: keyof typeof literals = 'plain',
	huffman = false,
): Buffer {
	const [prefix, first] = literals[kind];
	const index = integer(typeof name === 'number' ? name : 0, prefix, first);
	const named = typeof name === 'number' ? [] : [text(name, huffman)];
	return Buffer.concat([index, ...named, text(value, huffman)]);
}

/** A change of the dynamic table's size (RFC 7541 section 6.3). */
export function tableSize(size: number): Buffer {
	return integer(size, 5, 0x20);
}

/** A field block of literals that leave the dynamic table alone: nothing left out, added or checked. */
export function fieldBlock(fields: Fields): Buffer {
	return Buffer.concat(fields.map(([name, value]) => literal(name, value)));
}
