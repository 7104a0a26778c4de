import {missingNames} from '../hosts/missing.js';
import {isWithin} from '../pki/constraints.js';
import {parseName} from '../pki/names.js';
import {shellWord} from '../shell-word.js';
import {warn} from './output.js';
import {trustHint} from './trust-hint.js';

/**
 * Says of each name that does not lead to this machine which line the hosts file lacks.
 *
 * @param certs the directory given for certificates
 * @param caFile what clients are to trust; none for the person's own certificate
 */
export async function warnOfMissing(
	names: readonly string[],
	certs: string | undefined,
	caFile: string | undefined,
): Promise<void> {
	for (const name of await missingNames(names)) {
		const isLocal = isWithin(parseName(name));
		const flags = certs === undefined || isLocal ? '' : ` --certs ${shellWord(certs)}`;
		// That command refuses what our own authority could not vouch for.
		const isOurs = isLocal || (caFile !== undefined && trustHint(caFile) !== undefined);
		warn(
			`${name} does not lead to this machine: the hosts file lacks the line "127.0.0.1 ${name}"` +
				(isOurs ? `, which sealport hosts add ${name}${flags} adds` : ''),
		);
	}
}
