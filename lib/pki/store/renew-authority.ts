import {join} from 'node:path';
import {createAuthority} from '../authority.js';
import {permitted, type Subtrees} from '../constraints.js';
import {pemBlocks, pemOf} from '../pem.js';
import {authorityName, caName, serialiseAuthority} from './authority-file.js';
import {openDirectory} from './directory.js';
import {deriveCa, type StoredAuthority} from './open-authority.js';
import {readPrivate} from './private-file.js';
import {replace} from './publish.js';
import {retire} from './retired.js';

/**
 * Puts a new authority in place of the one in a store, whatever state that is in. The old root's
 * certificate is noted as replaced before, so that it is taken out of the trust stores even when the
 * process ends in between.
 *
 * @param path the store directory, made when it is missing
 * @param domains what it may vouch for besides the local names and addresses
 * @param now milliseconds since 1970
 * @throws UserError `store-unusable`
 */
export async function renewAuthority(
	path: string,
	domains: readonly string[],
	now: number = Date.now(),
): Promise<StoredAuthority> {
	const directory = await openDirectory(path);
	const authority = await createAuthority(now, widened(domains));
	for (const name of [authorityName, caName]) {
		const text = readPrivate(join(directory, name))?.text ?? '';
		for (const certificate of pemOf(pemBlocks(text), 'CERTIFICATE')) {
			retire(directory, certificate);
		}
	}
	replace(directory, authorityName, serialiseAuthority(authority));
	return {authority, caFile: deriveCa(directory, authority), warnings: []};
}

/** The local names and addresses, and some domains more. */
export function widened(domains: readonly string[]): Subtrees {
	return {...permitted, dns: [...new Set([...permitted.dns, ...domains])]};
}
