import {Malformed} from '../codec/octets.js';
import {readControlData} from './control-data.js';
import {fieldKind, type Http2Field} from './field.js';

/** The head of a request, checked, in the terms of HTTP/1.1. */
export interface Http2Request {
	readonly method: string;
	/** As HTTP/1.1 has it: `:path`, or for CONNECT without a protocol `:authority`. */
	readonly target: string;
	/** Every host that it is said to be for: `:authority`, and a Host that differs from it, or comes twice. */
	readonly hosts: readonly string[];
	/** What is to be spoken through the stream (RFC 8441). */
	readonly protocol: string | undefined;
	readonly contentLength: number | undefined;
	/**
	 * Field lines for the backend, in order, without Host, TE and what Sealport sets; crumbs of a cookie are
	 * one line, at the place of the first (RFC 9113 section 8.2.3).
	 */
	readonly lines: string;
	/** Whether the client takes trailers. */
	readonly asksForTrailers: boolean;
	/** Its Priority (RFC 9218), '' without one. */
	readonly priority: string;
}

/**
 * Reads the header section of a request.
 *
 * @throws Malformed whatever makes it malformed (RFC 9113 sections 8.1.1, 8.2 and 8.3)
 */
export function readRequest(fields: readonly Http2Field[]): Http2Request {
	const {method, target, authority, protocol, end} = readControlData(fields);
	const hosts = authority === undefined ? [] : [authority];
	let isHostRead = false;
	let contentLength: number | undefined;
	let asksForTrailers = false;
	let priority = '';
	let lines = '';
	let beforeCookie = '';
	let cookie: string | undefined;
	for (let index = end; index < fields.length; index++) {
		const field = fields[index] as Http2Field;
		if (!field.isValid) {
			throw new Malformed('it has a header field with what none may have');
		}
		switch (field.kind) {
			case fieldKind.other:
			case fieldKind.trailer:
				lines += field.line;
				break;
			case fieldKind.cookie:
				if (cookie === undefined) {
					beforeCookie = lines;
					lines = '';
					cookie = field.value;
				} else {
					cookie += `; ${field.value}`;
				}
				break;
			case fieldKind.priority:
				priority = priority === '' ? field.value : `${priority}, ${field.value}`;
				lines += field.line;
				break;
			case fieldKind.contentLength:
				contentLength = readLength(contentLength, field.value);
				lines += field.line;
				break;
			case fieldKind.host:
				if (isHostRead || !isSame(authority, field.value)) {
					hosts.push(field.value);
				}
				isHostRead = true;
				break;
			case fieldKind.te:
				checkTe(field.value);
				asksForTrailers = true;
				break;
			case fieldKind.webSocketKey:
				// Where a WebSocket is asked for, the backend is sent a key of Sealport's own.
				lines += protocol === undefined ? field.line : '';
				break;
			case fieldKind.forwarded:
				break;
			case fieldKind.connectionLevel:
				throw new Malformed('it has a header field that HTTP/2 has not');
			default:
				throw new Malformed('a pseudo-header comes behind other fields');
		}
	}
	if (protocol !== undefined && contentLength !== undefined) {
		// The backend would take that much of what follows for a body: if it does not open the tunnel, of the
		// next request.
		throw new Malformed('it asks for a tunnel and has a content-length');
	}
	if (cookie !== undefined) {
		lines = `${beforeCookie}cookie: ${cookie}\r\n${lines}`;
	}
	return {method, target, hosts, protocol, contentLength, lines, asksForTrailers, priority};
}

/**
 * Reads the trailer section of a request.
 *
 * @returns lines for the backend, '' for none: not what says where a message goes, or what Sealport sets,
 * since a backend may merge trailers into the headers (RFC 9110 section 6.5.1)
 * @throws Malformed
 */
export function readTrailers(fields: readonly Http2Field[]): string {
	let lines = '';
	for (const field of fields) {
		if (!field.isValid) {
			throw new Malformed('it has a trailer field with what none may have');
		}
		switch (field.kind) {
			case fieldKind.other:
			case fieldKind.cookie:
			case fieldKind.priority:
			case fieldKind.webSocketKey:
				lines += field.line;
				break;
			case fieldKind.te:
				checkTe(field.value);
				break;
			case fieldKind.host:
			case fieldKind.trailer:
			case fieldKind.forwarded:
				break;
			case fieldKind.contentLength:
				throw new Malformed('its trailers say how its body is framed');
			case fieldKind.connectionLevel:
				throw new Malformed('it has a trailer field that HTTP/2 has not');
			default:
				throw new Malformed('a pseudo-header is among its trailers');
		}
	}
	return lines;
}

function checkTe(value: string): void {
	if (value.toLowerCase() !== 'trailers') {
		throw new Malformed('its TE is not "trailers"');
	}
}

function readLength(before: number | undefined, text: string): number {
	let length = text === '' || text.length > 16 ? Number.NaN : 0;
	for (let index = 0; index < text.length; index++) {
		const digit = text.charCodeAt(index) - 0x30;
		length = digit >= 0 && digit <= 9 ? length * 10 + digit : Number.NaN;
	}
	if (!Number.isSafeInteger(length) || before !== undefined) {
		throw new Malformed('its content-length is not one whole number');
	}
	return length;
}

function isSame(authority: string | undefined, host: string): boolean {
	return authority === host || authority?.toLowerCase() === host.toLowerCase();
}
