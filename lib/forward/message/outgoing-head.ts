import {filterHeaders, type RawHeaders} from '../headers.js';
import {rawHeaders} from '../wire/codec/fields.js';
import {known} from '../wire/codec/known-names.js';
import {readRequestHead} from '../wire/codec/request-head.js';

/** The head of a request as the backend is to see it, in the terms of Node's HTTP client. */
export interface RequestHead {
	readonly method: string;
	/** Byte for byte; http-proxy by itself would fold doubled slashes. */
	readonly path: string;
	readonly headers: RawHeaders;
	readonly upgrade: boolean;
}

/** What a route changes about every head. */
export interface HeadChanges {
	readonly pathFor: (path: string) => string;
	/** By names in lower case; they take the place of what was sent. */
	readonly fields: ReadonlyMap<string, {readonly name: string; readonly values: readonly string[]}>;
	/** What to send where the request has none. */
	readonly authorization: string | undefined;
	/** Whether requests may ask for another protocol. */
	readonly upgrades: boolean;
	/** What WebSockets have as their Origin; `undefined` for what the client has sent. */
	readonly webSocketOrigin: string | undefined;
}

/** Methods whose request has no body unless it says so; any other says when it has none. */
const bodiless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

const upgradeFields = new Set(['connection', 'upgrade']);

/**
 * Reads the head of a request that the wire lane has written, and changes what the route asks for.
 *
 * @param bytes as HTTP/1.1 has it
 */
export function readOutgoingHead(bytes: Buffer, changes: HeadChanges): RequestHead {
	const {method, target, fields, framing, upgrade} = readRequestHead(
		bytes,
		Number.POSITIVE_INFINITY,
	);
	let headers: string[] = [...rawHeaders(bytes, fields)];
	if (framing !== 'chunked' && fields.some(field => field.known === known.trailer)) {
		// Only chunks carry trailers, and Node throws where they are announced without.
		headers = filterHeaders(headers, name => name !== 'trailer');
	}
	if (framing === 'none' && !upgrade && !bodiless.has(method.toUpperCase())) {
		headers.push('Content-Length', '0');
	}
	if (upgrade && !changes.upgrades) {
		headers = filterHeaders(headers, name => !upgradeFields.has(name));
	}
	return {
		method,
		path: target === '*' ? target : changes.pathFor(target),
		headers: changed(headers, changes, upgrade),
		upgrade: upgrade && changes.upgrades,
	};
}

function changed(headers: string[], changes: HeadChanges, upgrade: boolean): string[] {
	const {fields, authorization, webSocketOrigin} = changes;
	const list = fields.size === 0 ? headers : filterHeaders(headers, name => !fields.has(name));
	for (const {name, values} of fields.values()) {
		for (const value of values) {
			list.push(name, value);
		}
	}
	const has = (wanted: string) =>
		list.some((text, index) => index % 2 === 0 && text.toLowerCase() === wanted);
	if (authorization !== undefined && !has('authorization')) {
		list.push('Authorization', authorization);
	}
	if (upgrade && webSocketOrigin !== undefined && has('origin')) {
		const others = filterHeaders(list, name => name !== 'origin');
		return [...others, 'Origin', webSocketOrigin];
	}
	return list;
}

/** Fields by name, in the casing that came first; a name that came repeatedly has all its values. */
export function grouped(headers: RawHeaders): Record<string, string | string[]> {
	const byName = new Map<string, {readonly name: string; readonly values: string[]}>();
	for (let index = 0; index < headers.length; index += 2) {
		const name = headers[index] ?? '';
		const value = headers[index + 1] ?? '';
		const entry = byName.get(name.toLowerCase());
		if (entry === undefined) {
			byName.set(name.toLowerCase(), {name, values: [value]});
		} else {
			entry.values.push(value);
		}
	}
	// Not of an ordinary object's kind: a field may be called __proto__.
	const fields: Record<string, string | string[]> = Object.create(null);
	for (const {name, values} of byName.values()) {
		fields[name] = values.length === 1 ? (values[0] ?? '') : values;
	}
	return fields;
}
