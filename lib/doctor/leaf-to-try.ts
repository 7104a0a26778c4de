import type {X509Certificate} from 'node:crypto';
import {createSecureContext} from 'node:tls';
import {UserError} from '../errors.js';
import type {ContextSource} from '../forward/seams.js';
import {openCertificates} from '../pki/certificates.js';
import {loadDer} from '../pki/der.js';
import {createLeaf} from '../pki/leaf.js';
import {parseName} from '../pki/names.js';
import {tlsSettings} from '../pki/tls-settings.js';
import {readAuthority} from './certificate.js';
import type {Case} from './finding.js';

const names = ['localhost', '127.0.0.1', '::1'];

/** What clients are shown. */
export interface LeafToTry {
	readonly contexts: ContextSource;
	/** The name that it is tried by. */
	readonly host: string;
	/** The root above it; `undefined` for a person's own certificate. */
	readonly root: X509Certificate | undefined;
}

/**
 * The certificate given, or a leaf of the store's authority as it lies there, for this machine's own
 * names. Nothing is written.
 *
 * @throws UserError when it cannot be used, or is not there
 */
export async function leafToTry(what: Case): Promise<LeafToTry> {
	const {certificate, directory, now} = what;
	if (certificate.kind === 'own' || certificate.kind === 'pfx') {
		const own = await openCertificates(certificate, names, () => false);
		return {contexts: own, host: own.preferredName ?? 'localhost', root: undefined};
	}
	const authority = await readAuthority(what);
	if (authority === undefined) {
		throw new UserError('store-unusable', `there is no authority in ${directory}`, {
			hint: `${what.commands.trust}, which makes one`,
		});
	}
	const {key, chain} = createLeaf(await loadDer(), authority, names.map(parseName), now);
	const material = {key, cert: chain};
	const context = createSecureContext({...tlsSettings, ...material});
	const contexts = {contextFor: () => context, unnamed: () => material};
	return {contexts, host: 'localhost', root: authority.root};
}
