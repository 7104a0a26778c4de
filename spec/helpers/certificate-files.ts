import {join} from 'node:path';
import {runSealport} from './cli.js';
import {home} from './home.js';
import type {Owner} from './owner.js';
import {temporaryDirectory} from './temporary-directory.js';

/** What `sealport cert --json` says. */
export interface CertificateEvent {
	readonly event: 'certificate';
	readonly files: readonly string[];
	readonly names: readonly string[];
	readonly notAfter: string;
	readonly fingerprint: string;
	readonly ca: string;
}

/** Files that `sealport cert` wrote. */
export interface Issued extends CertificateEvent {
	readonly directory: string;
	/** The chain, or the PKCS#12 file. */
	readonly file: string;
	/** PEM; empty beside PKCS#12. */
	readonly key: string;
}

/** Runs `sealport cert` with the authority of this spec file's home, into a directory of the test's own. */
export async function issueFiles(
	t: Owner,
	args: readonly string[],
	env: NodeJS.ProcessEnv = {},
): Promise<Issued> {
	const directory = join(temporaryDirectory(t), 'out');
	const run = runSealport(t, home, ['cert', ...args, '--out', directory, '--json'], env);
	if ((await run.ended) !== 0) {
		throw new Error(run.stderr);
	}
	const event: CertificateEvent = JSON.parse(run.stdout);
	const [file = '', key = ''] = event.files;
	return {...event, directory, file, key};
}
