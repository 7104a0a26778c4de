import type {RawHeaders} from '../../headers.js';
import {type KnownName, knownName} from './known-names.js';
import {
	at,
	colon,
	cr,
	isTextOctet,
	isTokenOctet,
	latin1,
	lf,
	Malformed,
	space,
	TooLarge,
	tab,
} from './octets.js';

/** One field line, by indices into the bytes of its head. */
export interface Field {
	/** Which of the fields it is that mean something to a proxy; 0 for all others. */
	readonly known: KnownName;
	/** Where the line and its name begin. */
	readonly start: number;
	/** Behind the name. */
	readonly nameEnd: number;
	readonly valueStart: number;
	/** Behind the value, without the white space around it. */
	readonly valueEnd: number;
	/** Behind the line's CR LF. */
	readonly end: number;
}

/**
 * Reads field lines (RFC 9112 section 5) up to the empty line behind them, strictly: CR LF and nothing
 * else ends a line, no line is folded, no white space is before a colon.
 *
 * @param start of the first line
 * @param end behind the empty line
 * @param most how many lines there may be
 * @throws Malformed, TooLarge
 */
export function readFields(bytes: Buffer, start: number, end: number, most: number): Field[] {
	const fields: Field[] = [];
	let index = start;
	while (at(bytes, index) !== cr) {
		const lineStart = index;
		while (isTokenOctet[at(bytes, index)] === 1) {
			index++;
		}
		if (index === lineStart || at(bytes, index) !== colon) {
			throw new Malformed('a header line has no proper name before its colon');
		}
		const nameEnd = index++;
		while (isBlank(at(bytes, index))) {
			index++;
		}
		const valueStart = index;
		while (isTextOctet[at(bytes, index)] === 1) {
			index++;
		}
		if (at(bytes, index) !== cr || at(bytes, index + 1) !== lf) {
			throw new Malformed('a header line has a control character, or does not end with CR LF');
		}
		let valueEnd = index;
		while (valueEnd > valueStart && isBlank(at(bytes, valueEnd - 1))) {
			valueEnd--;
		}
		index += 2;
		if (fields.length === most) {
			throw new TooLarge(`it has more than ${most} header fields`);
		}
		const known = knownName(bytes, lineStart, nameEnd);
		fields.push({known, start: lineStart, nameEnd, valueStart, valueEnd, end: index});
	}
	if (index + 2 !== end || at(bytes, index + 1) !== lf) {
		throw new Malformed('a line does not end with CR LF');
	}
	return fields;
}

function isBlank(octet: number): boolean {
	return octet === space || octet === tab;
}

/** A field's value as latin1. */
export function valueText(bytes: Buffer, field: Field): string {
	return latin1(bytes, field.valueStart, field.valueEnd);
}

/** The members of all values of a comma-separated list field, lower case (RFC 9110 section 5.6.1). */
export function membersOf(bytes: Buffer, fields: readonly Field[], known: KnownName): string[] {
	return fields
		.filter(field => field.known === known)
		.flatMap(field => valueText(bytes, field).toLowerCase().split(','))
		.map(member => member.trim())
		.filter(member => member !== '');
}

/** Fields as name, value, name, value. */
export function rawHeaders(bytes: Buffer, fields: readonly Field[]): RawHeaders {
	return fields.flatMap(field => [
		latin1(bytes, field.start, field.nameEnd),
		valueText(bytes, field),
	]);
}
