import {type Field, membersOf, readFields, valueText} from './fields.js';
import {type Framing, framingOf} from './framing.js';
import {known} from './known-names.js';
import {at, cr, isTargetOctet, isTokenOctet, latin1, lf, Malformed, space} from './octets.js';

/** The head of a request, checked, by indices into its bytes. */
export interface RequestHead {
	/** Nothing but the head. */
	readonly bytes: Buffer;
	readonly method: string;
	/** The request target as it came, latin1. */
	readonly target: string;
	/** 0 for HTTP/1.0, 1 for HTTP/1.1. */
	readonly minor: 0 | 1;
	readonly fields: readonly Field[];
	readonly framing: Framing;
	/** Members of Connection, lower case. */
	readonly connection: readonly string[];
	/** Whether the client asks for another protocol on its connection (RFC 9110 section 7.8). */
	readonly upgrade: boolean;
}

/**
 * Reads the head of a request (RFC 9112 sections 3 and 5).
 *
 * @param bytes the head and nothing else, its empty line included
 * @param most how many fields it may have
 * @throws Malformed, TooLarge
 */
export function readRequestHead(bytes: Buffer, most: number): RequestHead {
	const {method, target, minor, end} = readRequestLine(bytes);
	const fields = readFields(bytes, end, bytes.length, most);
	const framing = framingOf(bytes, fields, minor);
	const connection = membersOf(bytes, fields, known.connection);
	const upgrade =
		minor === 1 &&
		connection.includes('upgrade') &&
		fields.some(field => field.known === known.upgrade);
	if (upgrade && framing !== 'none' && framing !== 0) {
		throw new Malformed('it asks for another protocol and has a body');
	}
	return {bytes, method, target, minor, fields, framing, connection, upgrade};
}

/**
 * Reads a request line (RFC 9112 section 3): one space between its parts, and none elsewhere.
 *
 * @param bytes with the line and its CR LF at the start
 * @throws Malformed
 */
export function readRequestLine(
	bytes: Buffer,
): Pick<RequestHead, 'method' | 'target' | 'minor'> & {readonly end: number} {
	let index = 0;
	while (isTokenOctet[at(bytes, index)] === 1) {
		index++;
	}
	const methodEnd = index;
	if (methodEnd === 0 || at(bytes, index++) !== space) {
		throw new Malformed('its first line does not begin with a method');
	}
	while (isTargetOctet[at(bytes, index)] === 1) {
		index++;
	}
	const targetEnd = index;
	const version = latin1(bytes, targetEnd, targetEnd + 9);
	const isVersion = version === ' HTTP/1.1' || version === ' HTTP/1.0';
	const end = targetEnd + 11;
	if (targetEnd === methodEnd + 1 || !isVersion) {
		throw new Malformed('its first line is not a method, a target and HTTP/1.1');
	}
	if (at(bytes, end - 2) !== cr || at(bytes, end - 1) !== lf) {
		throw new Malformed('its first line does not end with CR LF');
	}
	return {
		method: latin1(bytes, 0, methodEnd),
		target: latin1(bytes, methodEnd + 1, targetEnd),
		minor: version.endsWith('1') ? 1 : 0,
		end,
	};
}

/** Every value of its Host. */
export function hostsOf({bytes, fields}: RequestHead): string[] {
	return fields.filter(field => field.known === known.host).map(field => valueText(bytes, field));
}

/** Every value of a field, by its name in lower case. */
export function valuesIn({bytes, fields}: RequestHead, name: string): string[] {
	return fields
		.filter(({start, nameEnd}) => latin1(bytes, start, nameEnd).toLowerCase() === name)
		.map(field => valueText(bytes, field));
}
