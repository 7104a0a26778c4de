import {existsSync} from 'node:fs';
import {delimiter, join} from 'node:path';

/** Where a program lies. */
export function executableOf(program: string): string {
	const places = (process.env.PATH ?? '').split(delimiter).map(place => join(place, program));
	return places.find(place => existsSync(place)) ?? program;
}
