import {readFileSync} from 'node:fs';
import {packageFile} from '../../../lib/package-file.js';

/** Made by `record.ts`: a line for each side of each connection, with tabs between side, name and base64. */
export const recordingsFile = packageFile('spec/fuzz/http2/recordings.txt');

/** What real clients have sent, or real servers, each over one connection. */
export function recordings(side: 'client' | 'server'): readonly Buffer[] {
	return readFileSync(recordingsFile, 'utf8')
		.split('\n')
		.map(line => line.split('\t'))
		.filter(([of]) => of === side)
		.map(([, , bytes]) => Buffer.from(bytes ?? '', 'base64'));
}
