import type {Fields} from './fields.js';
import {readHuffman} from './huffman.js';
import {staticTable} from './static-table.js';

/**
 * Reads a field block from a peer that has been told to do without a dynamic table.
 *
 * @throws Error for whatever such a block may not contain
 */
export function readBlock(block: Buffer): Fields {
	let at = 0;
	const integer = (prefix: number): number => {
		const most = 2 ** prefix - 1;
		let value = block.readUInt8(at++) & most;
		if (value < most) {
			return value;
		}
		for (let factor = 1; ; factor *= 128) {
			const octet = block.readUInt8(at++);
			value += (octet & 127) * factor;
			if (octet < 128) {
				return value;
			}
		}
	};
	const text = (): string => {
		const isHuffman = block.readUInt8(at) >= 0x80;
		const length = integer(7);
		if (at + length > block.length) {
			throw new Error('a string that goes on beyond its field block');
		}
		const octets = block.subarray(at, at + length);
		at += length;
		return isHuffman ? readHuffman(octets) : octets.toString('latin1');
	};
	const entry = (index: number): readonly [string, string] => {
		const found = staticTable[index - 1];
		if (found === undefined) {
			throw new Error(`index ${index}, which is not in the static table`);
		}
		return found;
	};
	const fields: Array<readonly [string, string]> = [];
	while (at < block.length) {
		const first = block.readUInt8(at);
		if (first >= 0x80) {
			fields.push(entry(integer(7)));
		} else if ((first & 0xe0) === 0x20) {
			if (fields.length > 0 || integer(5) > 0) {
				throw new Error('a change of the dynamic table that does not close it');
			}
		} else {
			const index = integer(first >= 0x40 ? 6 : 4);
			fields.push([index === 0 ? text() : entry(index)[0], text()]);
		}
	}
	return fields;
}
