import {basename, dirname} from 'node:path';
import {defaultDirectory} from '../pki/store/directory.js';
import {shellWord} from '../shell-word.js';

/**
 * The command that makes this machine trust the authority of a store.
 *
 * @param caFile the file that a tunnel wants trusted
 * @returns `undefined` for a certificate that signs itself: it is no authority
 */
export function trustCommand(caFile: string): string | undefined {
	if (basename(caFile) !== 'ca.pem') {
		return undefined;
	}
	const directory = dirname(caFile);
	const certs = directory === defaultDirectory() ? '' : ` --certs ${shellWord(directory)}`;
	return `sealport trust${certs}`;
}
