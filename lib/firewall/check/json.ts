/** What JSON can hold. */
export type Json =
	| null
	| boolean
	| number
	| string
	| readonly Json[]
	| {readonly [key: string]: Json};

/** The value of a key; `undefined` where there is no object, or no such key. */
export function at(json: Json | undefined, ...keys: readonly string[]): Json | undefined {
	let found = json;
	for (const key of keys) {
		found =
			typeof found === 'object' && found !== null && !isList(found) && Object.hasOwn(found, key)
				? found[key]
				: undefined;
	}
	return found;
}

/** The text at a key; empty where there is none. */
export function text(json: Json | undefined, ...keys: readonly string[]): string {
	const found = at(json, ...keys);
	return typeof found === 'string' ? found : '';
}

/** What is or holds a list, as a list. */
export function list(json: Json | undefined): readonly Json[] {
	return json === undefined ? [] : isList(json) ? json : [json];
}

function isList(json: Json): json is readonly Json[] {
	return Array.isArray(json);
}
