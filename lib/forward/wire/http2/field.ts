import {tellsOfClient} from '../codec/known-names.js';
import {isTextOctet, isTokenOctet} from '../codec/octets.js';

/** What a field is to a proxy. */
export const fieldKind = {
	other: 0,
	method: 1,
	scheme: 2,
	authority: 3,
	path: 4,
	protocol: 5,
	status: 6,
	/** A pseudo-header that nobody knows. */
	unknownPseudo: 7,
	/** Means something to one connection only, and must not be in HTTP/2 (RFC 9113 section 8.2.2). */
	connectionLevel: 8,
	te: 9,
	host: 10,
	cookie: 11,
	contentLength: 12,
	trailer: 13,
	/** What a proxy says of the client. */
	forwarded: 14,
	priority: 15,
	/** Opens a WebSocket over HTTP/1.1; over HTTP/2 it means nothing (RFC 8441 section 5). */
	webSocketKey: 16,
} as const;

export type FieldKind = (typeof fieldKind)[keyof typeof fieldKind];

const kinds: ReadonlyMap<string, FieldKind> = new Map([
	[':method', fieldKind.method],
	[':scheme', fieldKind.scheme],
	[':authority', fieldKind.authority],
	[':path', fieldKind.path],
	[':protocol', fieldKind.protocol],
	[':status', fieldKind.status],
	['connection', fieldKind.connectionLevel],
	['keep-alive', fieldKind.connectionLevel],
	['proxy-connection', fieldKind.connectionLevel],
	['transfer-encoding', fieldKind.connectionLevel],
	['upgrade', fieldKind.connectionLevel],
	['http2-settings', fieldKind.connectionLevel],
	['te', fieldKind.te],
	['host', fieldKind.host],
	['cookie', fieldKind.cookie],
	['content-length', fieldKind.contentLength],
	['trailer', fieldKind.trailer],
	['x-forwarded-for', fieldKind.forwarded],
	['x-forwarded-proto', fieldKind.forwarded],
	['x-forwarded-host', fieldKind.forwarded],
	['x-forwarded-port', fieldKind.forwarded],
	['priority', fieldKind.priority],
	['sec-websocket-key', fieldKind.webSocketKey],
] as const);

/** One field of a header section. It is made once, and shared by all messages whose block refers to it. */
export interface Http2Field {
	/** Each character an octet. */
	readonly name: string;
	/** Each character an octet. */
	readonly value: string;
	readonly kind: FieldKind;
	/** Whether name and value have no octet that they may not have (RFC 9113 section 8.2.1). */
	readonly isValid: boolean;
	/** Whether that holds for the name alone. */
	readonly hasValidName: boolean;
	/** As HTTP/1.1 has it: `name: value` and CR LF. */
	readonly line: string;
	/** Octets of name and value and 32 more (RFC 7541 section 4.1). */
	readonly size: number;
}

/** Octets that may not be in a value or in a name, as bits. */
export const odd = {inValue: 1, inName: 2} as const;

/**
 * How each octet is odd. Values are held to more than RFC 9113 asks for, which forbids three control
 * characters: HTTP/1.1 forbids all of them but the tab, and that is where values are sent on. Names have to
 * be in lower case.
 */
export const oddities = Uint8Array.from({length: 256}, (_, octet) => {
	const isUpperCase = octet >= 0x41 && octet <= 0x5a;
	return (
		(isTextOctet[octet] === 1 ? 0 : odd.inValue) |
		(isTokenOctet[octet] === 1 && !isUpperCase ? 0 : odd.inName)
	);
});

/**
 * Makes a field.
 *
 * @param nameOddities, valueOddities of all octets of name and value, where they are known
 */
export function makeField(
	name: string,
	value: string,
	nameOddities = odditiesOf(name),
	valueOddities = odditiesOf(value),
): Http2Field {
	const isPseudo = name.charCodeAt(0) === 0x3a;
	const kind = kinds.get(name) ?? (isPseudo ? fieldKind.unknownPseudo : unlistedKind(name));
	const ofName = isPseudo ? odditiesOf(name, 1) : nameOddities;
	const hasValidName = (ofName & odd.inName) === 0 && name.length > (isPseudo ? 1 : 0);
	return fieldOf(name, value, kind, hasValidName, valueOddities);
}

function unlistedKind(name: string): FieldKind {
	return tellsOfClient(name) ? fieldKind.forwarded : fieldKind.other;
}

/** Makes a field with the name of another. What is known of the name need not be found out again. */
export function fieldLike(
	named: Http2Field,
	value: string,
	valueOddities = odditiesOf(value),
): Http2Field {
	return fieldOf(named.name, value, named.kind, named.hasValidName, valueOddities);
}

function fieldOf(
	name: string,
	value: string,
	kind: FieldKind,
	hasValidName: boolean,
	valueOddities: number,
): Http2Field {
	return {
		name,
		value,
		kind,
		isValid: hasValidName && (valueOddities & odd.inValue) === 0 && !hasBlankEnd(value),
		hasValidName,
		line: `${name}: ${value}\r\n`,
		size: name.length + value.length + 32,
	};
}

function odditiesOf(text: string, start = 0): number {
	let seen = 0;
	for (let index = start; index < text.length; index++) {
		seen |= oddities[text.charCodeAt(index)] ?? 0;
	}
	return seen;
}

function hasBlankEnd(value: string): boolean {
	const last = value.length - 1;
	return last >= 0 && (isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(last)));
}

function isBlank(octet: number): boolean {
	return octet === 0x20 || octet === 0x09;
}
