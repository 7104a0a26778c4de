import {rootCertificates} from 'node:tls';
import {createAuthority} from '../../lib/pki/authority.js';
import {type Root, rootOf} from '../../lib/pki/root.js';

/** A root as `sealport` makes them; its file is on paper only. */
export async function paperRoot(
	file = '/home/jane/.local/share/sealport/ca.pem',
): Promise<Root & {readonly pem: string}> {
	const {root} = await createAuthority(Date.now());
	return {...rootOf(root.raw, file), pem: root.toString()};
}

/** Two roots that are not Sealport's, as PEM. */
export const [foreign, another] = rootCertificates.map(pem => `${pem}\n`) as [string, string];
