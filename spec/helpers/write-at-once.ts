import {renameSync, writeFileSync} from 'node:fs';

/**
 * Replaces a file so that whoever watches it never finds it empty or in part. Vite that reads a
 * configuration between truncation and text says "server restart failed", and may then miss the text.
 */
export function writeAtOnce(path: string, text: string): void {
	const draft = `${path}.draft`;
	writeFileSync(draft, text);
	renameSync(draft, path);
}
