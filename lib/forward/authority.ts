import {isIPv6} from 'node:net';
import {ProxyError} from '../errors.js';
import {printable} from '../printable.js';
import type {Authority} from './seams.js';

/** Whom a request is for, and the path to ask that backend for. */
export interface Identity {
	readonly authority: Authority;
	/** Origin form: path and query byte for byte, or `*`. */
	readonly target: string;
}

const hostAndPort = /^(\[[\da-f:.]+\]|[a-z\d._~-]+)(?::(\d{0,5}))?$/i;
const visible = /^[\x21-\x7e\x80-\xff]+$/;
const absoluteForm = /^https?:\/\/([^/?#]*)([^#]*)$/i;

function malformed(message: string, hint?: string): ProxyError {
	return new ProxyError(
		'request-malformed',
		'downstream',
		message,
		hint === undefined ? {} : {hint},
	);
}

/**
 * Reads the value of a Host or `:authority` field (RFC 9110 section 7.2).
 *
 * @throws ProxyError `request-malformed`
 */
export function parseAuthority(text: string): Authority {
	const [, name, digits] = hostAndPort.exec(text) ?? [];
	const port = digits === undefined || digits === '' ? undefined : Number(digits);
	const host = name
		?.replace(/^\[|\]$/g, '')
		.replace(/\.$/, '')
		.toLowerCase();
	const bracketed = name?.startsWith('[') ?? false;
	if (
		host === undefined ||
		host === '' ||
		host.length > 253 ||
		bracketed !== isIPv6(host) ||
		(port !== undefined && (port < 1 || port > 65_535))
	) {
		throw malformed(`the Host "${printable(text)}" is not a host with an optional port`);
	}
	return {host: bracketed ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host, port, text};
}

/**
 * Identifies a request by its authority, never by SNI, because browsers send requests for several
 * hosts over one HTTP/2 connection.
 *
 * @param request `hosts`: every Host and `:authority` value of the request; `target`: as received
 * @param shown the target as a message may have it
 * @throws ProxyError `request-malformed` for a Host that is missing, repeated, malformed, or at odds
 * with an absolute target (RFC 9112 section 3.2), and for a target of no known form
 */
export function identify(
	request: {
		readonly method: string;
		readonly target: string;
		readonly hosts: readonly string[];
	},
	shown: (target: string) => string = target => target,
): Identity {
	const [host, ...more] = request.hosts;
	if (host === undefined) {
		throw malformed('the request has no Host header');
	}
	if (more.length > 0) {
		throw malformed('the request has more than one Host header');
	}
	const authority = parseAuthority(host);
	const {target} = request;
	if (!visible.test(target)) {
		throw malformed(
			`the request target "${printable(shown(target))}" has characters that no target may have`,
		);
	}
	if (target.startsWith('/') || (target === '*' && request.method === 'OPTIONS')) {
		return {authority, target};
	}
	const [, named, path] = absoluteForm.exec(target) ?? [];
	if (named === undefined || path === undefined) {
		throw malformed(`the request target "${printable(shown(target))}" is neither a path nor a URL`);
	}
	if (named.toLowerCase() !== host.toLowerCase()) {
		throw malformed(
			`the request target names "${printable(named)}" and the Host "${printable(host)}"`,
		);
	}
	return {authority, target: path.startsWith('/') ? path : `/${path}`};
}
