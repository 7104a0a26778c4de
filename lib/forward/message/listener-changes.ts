import type {IncomingMessage, ServerResponse} from 'node:http';
import type {RawHeaders} from '../headers.js';
import {functionFailed} from './listeners.js';

const token = /^[!#$%&'*+.^_`|~\da-z-]+$/i;

/** Octets only: a character beyond them would be cut to one, which may be a line feed. */
const plainText = /^[\t\x20-\x7e\x80-\xff]*$/;

/** They say how the body comes, which listeners do not change. */
const framing = ['content-length', 'transfer-encoding'];

/**
 * Whether a field value or a reason may be sent: nothing in it that would begin another line (RFC 9110
 * section 5.5).
 */
export function isPlainText(text: string): boolean {
	return plainText.test(text);
}

type Value = string | readonly string[] | number | undefined;

/** The fields of a response by name, before listeners have seen them. */
export type FieldsBefore = ReadonlyMap<string, Value>;

/** Takes down what listeners may change. */
export function fieldsBefore({headers}: IncomingMessage): FieldsBefore {
	const entries = Object.entries(headers);
	return new Map(entries.map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]));
}

/**
 * The fields of a response as listeners have left them. Those that they have not touched stay as they came:
 * by name, repeated ones would be lost. Those that frame the body stay as they came in any case.
 *
 * @param response what listeners have set here goes to the client as well, unless the backend has set it
 * @param rawHeaders of the response before
 * @throws ProxyError `function-failed` for what cannot be sent
 */
export function changedFields(
	{headers}: IncomingMessage,
	rawHeaders: RawHeaders,
	before: FieldsBefore,
	response: ServerResponse,
): RawHeaders {
	for (const name of framing) {
		const value = before.get(name);
		if (value === undefined) {
			delete headers[name];
		} else {
			headers[name] = value as string;
		}
	}
	const changed = new Map<string, Value>();
	for (const name of response.getHeaderNames()) {
		if (!before.has(name) && !framing.includes(name)) {
			changed.set(name, response.getHeader(name));
		}
	}
	for (const name of new Set([...before.keys(), ...Object.keys(headers)])) {
		const value = headers[name];
		if (!isSame(before.get(name), value) && !framing.includes(name.toLowerCase())) {
			changed.set(name.toLowerCase(), value);
		}
	}
	if (changed.size === 0) {
		return rawHeaders;
	}
	const fields: string[] = [];
	for (let index = 0; index < rawHeaders.length; index += 2) {
		const name = rawHeaders[index] ?? '';
		if (!changed.has(name.toLowerCase())) {
			fields.push(name, rawHeaders[index + 1] ?? '');
		}
	}
	for (const [name, value] of changed) {
		for (const each of value === undefined ? [] : [value].flat()) {
			const text = String(each);
			if (!token.test(name) || !isPlainText(text)) {
				const what = `a listener has set the field ${JSON.stringify(name)} to what cannot be sent`;
				throw functionFailed(what);
			}
			fields.push(name, text);
		}
	}
	return fields;
}

function isSame(before: Value, after: Value): boolean {
	return Array.isArray(before) && Array.isArray(after)
		? before.length === after.length && before.every((each, index) => each === after[index])
		: before === after;
}
