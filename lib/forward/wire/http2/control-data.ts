import {isTargetOctet, isTokenOctet, Malformed} from '../codec/octets.js';
import {fieldKind, type Http2Field} from './field.js';

/** What the pseudo-headers of a request say (RFC 9113 section 8.3.1, RFC 8441 section 4). */
export interface ControlData {
	readonly method: string;
	/** As HTTP/1.1 has it: `:path`, or for CONNECT `:authority`. */
	readonly target: string;
	readonly authority: string | undefined;
	readonly protocol: string | undefined;
	/** Index of the first field that is none of them. */
	readonly end: number;
}

/**
 * Reads the pseudo-headers that a request begins with.
 *
 * @throws Malformed
 */
export function readControlData(fields: readonly Http2Field[]): ControlData {
	let method: string | undefined;
	let scheme: string | undefined;
	let authority: string | undefined;
	let path: string | undefined;
	let protocol: string | undefined;
	let end = 0;
	for (const field of fields) {
		const {kind, value} = field;
		if (!field.isValid) {
			throw new Malformed('it has a header field with what none may have');
		}
		if (kind === fieldKind.method) {
			method = once(method, value);
		} else if (kind === fieldKind.path) {
			path = once(path, value);
		} else if (kind === fieldKind.authority) {
			authority = once(authority, value);
		} else if (kind === fieldKind.scheme) {
			scheme = once(scheme, value);
		} else if (kind === fieldKind.protocol) {
			protocol = once(protocol, value);
		} else if (kind === fieldKind.status || kind === fieldKind.unknownPseudo) {
			throw new Malformed('it has a pseudo-header that no request has');
		} else {
			break;
		}
		end++;
	}
	if (method === undefined || !isToken(method)) {
		throw new Malformed('it has no proper :method');
	}
	if (authority?.includes('@')) {
		throw new Malformed('its :authority has a user in it');
	}
	if (method === 'CONNECT' && protocol === undefined) {
		if (scheme !== undefined || path !== undefined || authority === undefined) {
			throw new Malformed('CONNECT has an :authority, and neither :scheme nor :path');
		}
		return {method, target: authority, authority, protocol, end};
	}
	if (protocol !== undefined && (method !== 'CONNECT' || !isToken(protocol))) {
		throw new Malformed('it has a :protocol, and is not CONNECT');
	}
	if (scheme === undefined || !isHttp(scheme)) {
		throw new Malformed('its :scheme is not https');
	}
	if (path === undefined || !isTarget(path, method)) {
		throw new Malformed('it has no proper :path');
	}
	return {method, target: path, authority, protocol, end};
}

function once(before: string | undefined, value: string): string {
	if (before !== undefined) {
		throw new Malformed('it has a pseudo-header twice');
	}
	return value;
}

function isToken(text: string): boolean {
	return text !== '' && consistsOf(text, isTokenOctet);
}

/** What was plain HTTP at a proxy that the client used is no other resource here. */
function isHttp(scheme: string): boolean {
	return scheme === 'https' || scheme === 'http' || /^https?$/i.test(scheme);
}

function isTarget(path: string, method: string): boolean {
	const isForm = path.charCodeAt(0) === 0x2f || (path === '*' && method === 'OPTIONS');
	return isForm && consistsOf(path, isTargetOctet);
}

function consistsOf(text: string, octets: Uint8Array): boolean {
	for (let index = 0; index < text.length; index++) {
		if (octets[text.charCodeAt(index)] !== 1) {
			return false;
		}
	}
	return true;
}
