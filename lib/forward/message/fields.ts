import {endToEnd, type RawHeaders} from '../headers.js';

/** What a lane has to know of a head, found in one pass. */
export interface Fields {
	/** All but what belongs to the connection; the reader's own, to be added to. */
	readonly endToEnd: string[];
	/** Every Host. */
	readonly hosts: readonly string[];
	/** The first Content-Length. */
	readonly length: string | undefined;
	/** The members of Transfer-Encoding as they came, with a comma between lines. */
	readonly codings: string | undefined;
	/** Whether trailers are announced. */
	readonly announces: boolean;
}

type Kind = 'connection' | 'hop' | 'host' | 'length' | 'codings' | 'trailer';

/** By their names in lower case. What is not here goes on as it is. */
const kinds = new Map<string, Kind>([
	['connection', 'connection'],
	['keep-alive', 'hop'],
	['proxy-connection', 'hop'],
	['te', 'hop'],
	['upgrade', 'hop'],
	['http2-settings', 'hop'],
	['transfer-encoding', 'codings'],
	['host', 'host'],
	['content-length', 'length'],
	['trailer', 'trailer'],
]);

/** A bit for each length that a name in `kinds` has: most names need no closer look. */
const lengths = [...kinds.keys()].reduce((bits, {length}) => bits | (1 << length), 0);

/** A Connection field that names no other. */
const plain = /^(?:keep-alive|close)$/i;

const none: readonly string[] = Object.freeze([]);

/** Sorts the fields of a head (RFC 9110 section 7.6.1). */
export function readFields(headers: RawHeaders): Fields {
	const kept: string[] = [];
	let hosts = none;
	let length: string | undefined;
	let codings: string | undefined;
	let announces = false;
	let names = false;
	for (let index = 0; index < headers.length; index += 2) {
		const name = headers[index] ?? '';
		const value = headers[index + 1] ?? '';
		const known = name.length < 18 && (lengths & (1 << name.length)) !== 0;
		const kind = known ? kinds.get(name.toLowerCase()) : undefined;
		switch (kind) {
			case 'connection':
				names ||= !plain.test(value);
				continue;
			case 'hop':
				continue;
			case 'codings':
				codings = codings === undefined ? value : `${codings},${value}`;
				continue;
			case 'host':
				hosts = [...hosts, value];
				break;
			case 'length':
				length ??= value;
				break;
			case 'trailer':
				announces = true;
				break;
			default:
		}
		kept.push(name, value);
	}
	return {
		endToEnd: names ? endToEnd(headers) : kept,
		hosts,
		length,
		codings,
		announces,
	};
}

/** Whether a body follows the head of a request (RFC 9112 section 6.3). */
export function hasBody({length, codings}: Fields): boolean {
	return codings !== undefined || (length !== undefined && Number(length) > 0);
}

const chunkedOnly = /^[\s,]*(?:chunked\s*(?:,[\s,]*|$))*$/i;

/** Whether chunked is the only transfer coding, however often it is said. */
export function isChunked(codings: string): boolean {
	return chunkedOnly.test(codings);
}
