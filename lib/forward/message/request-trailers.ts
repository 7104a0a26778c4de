import {readFields, valueText} from '../wire/codec/fields.js';
import {latin1} from '../wire/codec/octets.js';

/**
 * The trailers of a request as Node's HTTP client takes them: pairs, since by name it would lose those that
 * come repeatedly.
 *
 * @param lines field lines, each with its line break
 */
export function trailerPairs(lines: string): Array<[string, string]> {
	const bytes = Buffer.from(`${lines}\r\n`, 'latin1');
	return readFields(bytes, 0, bytes.length, Number.POSITIVE_INFINITY).map(field => [
		latin1(bytes, field.start, field.nameEnd),
		valueText(bytes, field),
	]);
}
