import type {RawHeaders} from '../headers.js';

/**
 * The head of an HTTP/1.1 response, to be written as latin1 (RFC 9112 section 2.1).
 *
 * @param headers from a parser that has refused line breaks in names and values
 */
export function headText(status: number, reason: string, headers: RawHeaders): string {
	let text = `HTTP/1.1 ${status} ${reason}\r\n`;
	for (const [name, value] of pairs(headers)) {
		text += `${name}: ${value}\r\n`;
	}
	return `${text}\r\n`;
}

/** Fields as pairs of name and value. */
export function pairs(headers: RawHeaders): Array<[string, string]> {
	const list: Array<[string, string]> = [];
	for (let index = 0; index < headers.length; index += 2) {
		list.push([headers[index] ?? '', headers[index + 1] ?? '']);
	}
	return list;
}

/** Fields by name, in the casing that came first; a name that came repeatedly has all its values. */
export function grouped(headers: RawHeaders): Record<string, string | string[]> {
	const byName = new Map<string, {readonly name: string; readonly values: string[]}>();
	for (const [name, value] of pairs(headers)) {
		const key = name.toLowerCase();
		const entry = byName.get(key);
		if (entry === undefined) {
			byName.set(key, {name, values: [value]});
		} else {
			entry.values.push(value);
		}
	}
	const fields: Record<string, string | string[]> = {};
	for (const {name, values} of byName.values()) {
		fields[name] = values.length === 1 ? (values[0] ?? '') : values;
	}
	return fields;
}
