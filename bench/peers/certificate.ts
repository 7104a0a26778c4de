import {execFile} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {Certificate} from './peer.js';
import {sealportProgram} from './sealport.js';

/** Makes an authority and a certificate of it in a folder, for the names that the peers serve. */
export async function makeCertificate(
	folder: string,
	names: readonly string[],
): Promise<Certificate> {
	const authority = join(folder, 'certs');
	await promisify(execFile)(process.execPath, [
		sealportProgram,
		'cert',
		...names,
		'--certs',
		authority,
		'--out',
		folder,
		'--quiet',
	]);
	const [chain, key, bundle] = ['.pem', '-key.pem', '-bundle.pem'].map(end =>
		join(folder, `${names[0]}${end}`),
	) as [string, string, string];
	writeFileSync(bundle, readFileSync(chain, 'utf8') + readFileSync(key, 'utf8'), {mode: 0o600});
	return {chain, key, bundle, authority};
}
