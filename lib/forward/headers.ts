/**
 * Header fields in the order and casing in which they came: name, value, name, value. It is the form
 * of Node's `rawHeaders`, and the only one that loses nothing.
 */
export type RawHeaders = readonly string[];

/** Every value of a field, in order. `name` is lower case. */
export function valuesOf(headers: RawHeaders, name: string): string[] {
	const values: string[] = [];
	for (let index = 0; index < headers.length; index += 2) {
		if (headers[index]?.toLowerCase() === name) {
			values.push(headers[index + 1] ?? '');
		}
	}
	return values;
}

/** Keeps the fields for which `keep` holds. It is given the name in lower case, and the value. */
export function filterHeaders(
	headers: RawHeaders,
	keep: (name: string, value: string) => boolean,
): string[] {
	const kept: string[] = [];
	for (let index = 0; index < headers.length; index += 2) {
		const name = headers[index] ?? '';
		const value = headers[index + 1] ?? '';
		if (keep(name.toLowerCase(), value)) {
			kept.push(name, value);
		}
	}
	return kept;
}
