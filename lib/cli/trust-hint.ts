import {basename, dirname} from 'node:path';
import {caName} from '../pki/store/authority-file.js';
import {trustCommand} from '../pki/store/trust-command.js';

/**
 * The command that makes this machine trust what a tunnel serves.
 *
 * @param caFile the file that the tunnel wants trusted
 * @returns `undefined` for a certificate that signs itself: it is no authority
 */
export function trustHint(caFile: string): string | undefined {
	return basename(caFile) === caName ? trustCommand(dirname(caFile)) : undefined;
}
