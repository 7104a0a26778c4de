import {at, cr, lf, Malformed} from './octets.js';

/**
 * Finds the end of a head.
 *
 * @param start of the head
 * @param from where to go on looking: all line breaks before it have been looked at
 * @returns the index behind its empty line, or -1 when that has not come yet
 * @throws Malformed for a line that ends with anything but CR LF
 */
export function headEnd(bytes: Buffer, start: number, from: number): number {
	let index = bytes.indexOf(lf, from);
	while (index >= 0) {
		if (index === start || at(bytes, index - 1) !== cr) {
			throw new Malformed('a line ends with LF alone');
		}
		if (index >= start + 3 && at(bytes, index - 2) === lf) {
			return index + 1;
		}
		index = bytes.indexOf(lf, index + 1);
	}
	return -1;
}
