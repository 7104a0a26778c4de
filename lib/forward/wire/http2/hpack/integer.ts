import {at} from '../../codec/octets.js';
import {ConnectionError, errorCode} from '../framing/errors.js';
import {largest31} from '../framing/frames.js';

/** Most octets behind the prefix: as many as an integer of 31 bits needs. */
const mostContinued = 5;

/** Where the integer that was read last ends. A second result, at no cost. */
export let integerEnd = 0;

/**
 * Reads an integer (RFC 7541 section 5.1), and sets `integerEnd`.
 *
 * @param prefix the bits of the first octet that belong to it, all ones
 * @throws ConnectionError (compressionError) when it is not complete before `end`, over 2^31 - 1, or
 * written with more octets than such a number needs
 */
export function readInteger(bytes: Buffer, start: number, end: number, prefix: number): number {
	if (start >= end) {
		throw broken('a field block ends within a field');
	}
	const first = at(bytes, start) & prefix;
	if (first < prefix) {
		integerEnd = start + 1;
		return first;
	}
	let value = prefix;
	let factor = 1;
	const last = start + mostContinued;
	for (let index = start + 1; index < end && index <= last; index++) {
		const octet = at(bytes, index);
		value += (octet & 0x7f) * factor;
		factor *= 128;
		if (octet < 0x80) {
			if (value > largest31) {
				break;
			}
			integerEnd = index + 1;
			return value;
		}
	}
	throw broken('an integer in a field block is not complete or too large');
}

/**
 * Writes an integer.
 *
 * @param flags the bits of the first octet that do not belong to it
 * @returns the index behind it
 */
export function writeInteger(
	target: Uint8Array,
	start: number,
	flags: number,
	prefix: number,
	value: number,
): number {
	if (value < prefix) {
		target[start] = flags | value;
		return start + 1;
	}
	target[start] = flags | prefix;
	let index = start + 1;
	let rest = value - prefix;
	for (; rest >= 0x80; rest >>>= 7) {
		target[index++] = 0x80 | (rest & 0x7f);
	}
	target[index++] = rest;
	return index;
}

/** A block that cannot be decoded ends the connection: the tables of both sides differ from here on. */
export function broken(message: string): ConnectionError {
	return new ConnectionError(errorCode.compressionError, message);
}
