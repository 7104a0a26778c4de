import type {IncomingMessage, ServerResponse} from 'node:http';
import type {RawHeaders} from '../headers.js';

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
 * by name, repeated ones would be lost.
 *
 * @param response what listeners have set here goes to the client as well, unless the backend has set it
 */
export function changedFields(
	{headers, rawHeaders}: IncomingMessage,
	before: FieldsBefore,
	response: ServerResponse,
): RawHeaders {
	const changed = new Map<string, Value>();
	for (const name of response.getHeaderNames()) {
		if (!before.has(name)) {
			changed.set(name, response.getHeader(name));
		}
	}
	for (const name of new Set([...before.keys(), ...Object.keys(headers)])) {
		const value = headers[name];
		if (!isSame(before.get(name), value)) {
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
			fields.push(name, String(each));
		}
	}
	return fields;
}

function isSame(before: Value, after: Value): boolean {
	return Array.isArray(before) && Array.isArray(after)
		? before.length === after.length && before.every((each, index) => each === after[index])
		: before === after;
}
