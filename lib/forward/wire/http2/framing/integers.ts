import {at} from '../../codec/octets.js';
import {largest31} from './frames.js';

/** Reads four octets. */
export function readUint32(bytes: Buffer, start: number): number {
	return (
		((at(bytes, start) << 24) |
			(at(bytes, start + 1) << 16) |
			(at(bytes, start + 2) << 8) |
			at(bytes, start + 3)) >>>
		0
	);
}

/** Reads a stream identifier or an increment: of its four octets the first bit is reserved, and says nothing. */
export function readUint31(bytes: Buffer, start: number): number {
	return readUint32(bytes, start) & largest31;
}
