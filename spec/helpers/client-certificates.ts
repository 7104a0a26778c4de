import {createPrivateKey, X509Certificate} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Authority, createAuthority} from '../../lib/pki/authority.js';
import {parseClientName} from '../../lib/pki/client-name.js';
import {permitted} from '../../lib/pki/constraints.js';
import {loadDer} from '../../lib/pki/der.js';
import type {Purpose} from '../../lib/pki/extensions.js';
import {createLeaf} from '../../lib/pki/leaf.js';
import {peekAuthority} from '../../lib/pki/store/stored-roots.js';
import {writePkcs12} from '../../lib/pki/write-pkcs12.js';
import type {Owner} from './owner.js';
import {temporaryDirectory} from './temporary-directory.js';

/** A certificate that a client shows, with its key. */
export interface Shown {
	/** PEM: the certificate, and the issuing CA. */
	readonly cert: string;
	/** PEM. */
	readonly key: string;
}

/** The same as files. */
export interface ShownFiles {
	readonly cert: string;
	readonly key: string;
}

const hour = 3_600_000;

/** Makes a certificate for a client, as `sealport cert --client` does, but perhaps not quite. */
export async function clientOf(
	authority: Authority,
	name: string,
	options: {readonly purposes?: readonly Purpose[]; readonly now?: number} = {},
): Promise<Shown> {
	const {purposes = ['clientAuth'], now = Date.now()} = options;
	const {commonName, alternative} = parseClientName(name, permitted);
	// Over 1.4 hours after that moment.
	const life = {days: 0.1, purposes, commonName};
	const {chain, key} = createLeaf(await loadDer(), authority, [alternative], now, life);
	return {cert: chain, key};
}

/** What clients of a store may come with; all but `alice` and `bob` are to be refused by everybody. */
export async function clientsOf(directory: string) {
	const authority = await peekAuthority(directory);
	if (authority === undefined) {
		throw new Error(`no authority in ${directory}`);
	}
	const now = Date.now();
	const other = await createAuthority(now);
	return {
		alice: await clientOf(authority, 'alice'),
		bob: await clientOf(authority, 'bob'),
		expired: await clientOf(authority, 'alice', {now: now - 10 * hour}),
		early: await clientOf(authority, 'alice', {now: now + 10 * hour}),
		foreign: await clientOf(other, 'alice'),
		server: await clientOf(authority, 'alice', {purposes: ['serverAuth']}),
	};
}

/** Writes them for programs. */
export function filesOf(t: Owner, shown: Shown): ShownFiles {
	const directory = temporaryDirectory(t);
	const files = {cert: join(directory, 'client.pem'), key: join(directory, 'client-key.pem')};
	writeFileSync(files.cert, shown.cert);
	writeFileSync(files.key, shown.key, {mode: 0o600});
	return files;
}

/** Writes them as PKCS#12, which takes its time; the passphrase is `secret`. */
export async function pkcs12Of(t: Owner, {cert, key}: Shown, name = 'alice'): Promise<string> {
	const file = join(temporaryDirectory(t), 'client.p12');
	const chain = cert
		.split(/(?<=-----END CERTIFICATE-----\n)/)
		.map(text => new X509Certificate(text));
	const identity = {key: createPrivateKey(key), chain, name};
	writeFileSync(file, await writePkcs12(identity, 'secret'), {mode: 0o600});
	return file;
}
