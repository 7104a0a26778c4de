import type {X509Certificate} from 'node:crypto';
import {join} from 'node:path';
import type {Authority} from '../pki/authority.js';
import {expiryWarnings} from '../pki/expiry.js';
import {openOwn} from '../pki/own.js';
import {openPkcs12} from '../pki/pkcs12.js';
import {assertAlive, authorityName, caName} from '../pki/store/authority-file.js';
import {peekPrivate} from '../pki/store/private-file.js';
import {peekAuthority} from '../pki/store/stored-roots.js';
import type {Case, Check, Finding} from './finding.js';

/**
 * Reads the authority of the store as it lies there; unlike a start it mends nothing.
 *
 * @returns `undefined` where there is none
 * @throws UserError `store-unusable` when it is not to be touched, damaged or outside its life
 */
export async function readAuthority({directory, now}: Case): Promise<Authority | undefined> {
	const authority = await peekAuthority(directory);
	if (authority !== undefined) {
		assertAlive(authority, join(directory, authorityName), now);
	}
	return authority;
}

/** What is served: the authority, or the person's own certificate. */
export const checkCertificate: Check = async what => {
	const {certificate, now} = what;
	switch (certificate.kind) {
		case 'own': {
			const {leaf} = openOwn(certificate.cert, certificate.key, certificate.passphrase);
			return life('certificate', certificate.cert, leaf, now, renewOwn);
		}
		case 'pfx': {
			const {leaf} = await openPkcs12(certificate.pfx, certificate.passphrase);
			return life('certificate', certificate.pfx, leaf, now, renewOwn);
		}
		default: {
			const authority = await readAuthority(what);
			if (authority === undefined) {
				return [];
			}
			const {root} = authority;
			const label = root.subject.replace(/^.*CN=/s, '');
			return life('authority', label, root, now, `${what.commands.trust}, which makes a new one`);
		}
	}
};

const renewOwn = 'renew it, or leave it out: Sealport makes certificates of its own';

function life(
	name: string,
	label: string,
	certificate: X509Certificate,
	now: number,
	mend: string,
): readonly Finding[] {
	const {validFrom, validTo} = certificate;
	const [warning] = expiryWarnings(label, certificate, now);
	if (warning === undefined) {
		return [{name, verdict: 'ok', detail: `${label}, valid until ${validTo}`}];
	}
	const isEarly = now < Date.parse(validFrom);
	const isOver = now > Date.parse(validTo);
	return [
		{
			name,
			verdict: isEarly || isOver ? 'failed' : 'note',
			detail: warning,
			hint: isEarly ? 'set the clock of this machine, if it is wrong' : mend,
		},
	];
}

/** `ca.pem` is what people hand to clients: another certificate there would be trusted in vain. */
export const checkPublished: Check = async what => {
	const file = join(what.directory, caName);
	const isUsed = what.certificate.kind === 'authority';
	// What is wrong with the authority itself has been said by then.
	const authority = isUsed ? await readAuthority(what).catch(() => undefined) : undefined;
	const root = authority?.root.toString();
	return root === undefined || peekPrivate(file)?.text === root
		? []
		: [
				{
					name: 'authority',
					verdict: 'failed',
					detail: `${file} is missing, or not the root of the authority beside it`,
					hint: `${what.commands.trust}, which writes it anew`,
				},
			];
};
