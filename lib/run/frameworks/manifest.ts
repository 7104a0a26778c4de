import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';

/** A package.json, as far as scripts go. */
export interface Manifest {
	readonly directory: string;
	readonly scripts: Readonly<Record<string, unknown>>;
}

/** The package.json that package managers find from a directory upward; `undefined` without a readable one. */
export async function manifestFrom(directory: string): Promise<Manifest | undefined> {
	for (let place = directory; ; place = dirname(place)) {
		const manifest = await read(join(place, 'package.json'));
		if (manifest !== undefined) {
			const {scripts} = manifest;
			return {directory: place, scripts: isRecord(scripts) ? scripts : {}};
		}
		if (dirname(place) === place) {
			return undefined;
		}
	}
}

/** The first number of the version of a package that a directory's programs would load. */
export async function majorOf(name: string, directory: string): Promise<number | undefined> {
	for (let place = directory; ; place = dirname(place)) {
		const manifest = await read(join(place, 'node_modules', name, 'package.json'));
		if (manifest !== undefined) {
			return Number.parseInt(String(manifest.version), 10);
		}
		if (dirname(place) === place) {
			return undefined;
		}
	}
}

async function read(file: string): Promise<Record<string, unknown> | undefined> {
	try {
		const content: unknown = JSON.parse(await readFile(file, 'utf8'));
		return isRecord(content) ? content : undefined;
	} catch {
		return undefined;
	}
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
