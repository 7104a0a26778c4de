import type {X509Certificate} from 'node:crypto';
import {resolve} from 'node:path';
import {createSecureContext, type SecureContext} from 'node:tls';
import {systemCode, UserError} from '../errors.js';
import type {ContextSource, TlsMaterial} from '../forward/seams.js';
import type {CertificateChoice} from './choice.js';
import type {OpenedClientAuthority} from './client-authority.js';
import {assertWithinConstraints, isWithin, permitted, type Subtrees} from './constraints.js';
import {authorityContexts} from './contexts.js';
import {authorityWarnings, expiryWarnings} from './expiry.js';
import type {KeyPair} from './key-pair.js';
import {canonicalAddress, isHostName, type Name, parseName} from './names.js';
import {keepLeaf, readLeaf} from './store/kept-leaf.js';
import {openAuthority} from './store/open-authority.js';
import {trustCommand} from './store/trust-command.js';
import {settingsFor} from './tls-settings.js';

/** The certificates that a listener serves. */
export interface Certificates extends ContextSource {
	/**
	 * PEM of what a client is to trust: the root, or the self-signed certificate; `undefined` for a
	 * person's own certificate.
	 */
	readonly ca: string | undefined;
	/** Path of the file with `ca`. */
	readonly caFile: string | undefined;
	/**
	 * Whether the certificate itself says that this host is served: true for the names in a person's own
	 * certificate, and always false for the kinds where the names given decide.
	 */
	vouchesFor(host: string): boolean;
	/** A name of a person's own certificate, for the URL, where the certificate is not for localhost. */
	readonly preferredName: string | undefined;
	/** What a person should know, in sentences without a full stop. */
	readonly warnings: readonly string[];
	/** Ends what goes on behind them; what has been made can be served on. */
	close(): void;
}

/**
 * Opens the certificates of a listener; makes what is missing, but never a person's own.
 *
 * @param choice where they come from
 * @param names host names and IP addresses for the certificate that clients get which send no name; at
 *   least one; not used for a person's own certificate
 * @param serves whether a host name in lower case is served, for the leaves that the authority makes on
 *   demand
 * @param now the clock, milliseconds since 1970; `Date.now` by default
 * @param further host names that are served beside: the authority makes each a leaf of its own when it is
 *   asked for, a self-signed certificate holds them
 * @param clients who has to have signed the certificates of clients; they are not asked for one by default
 * @throws UserError of any code that has to do with certificates, and `option-invalid` for a bad name
 */
export async function openCertificates(
	choice: CertificateChoice,
	names: readonly string[],
	serves: (name: string) => boolean,
	now: () => number = Date.now,
	further: readonly string[] = [],
	clients?: OpenedClientAuthority,
): Promise<Certificates> {
	const {warnings: ofClients = []} = clients ?? {};
	switch (choice.kind) {
		case 'authority': {
			const trust = trustCommand(resolve(choice.directory));
			const constraints = await constraintsFor([...names, ...further], choice.directory);
			const check = (name: string) => assertWithinConstraints(name, constraints, {trust});
			const checked = distinct(names.map(check));
			further.map(check);
			const {authority, caFile, warnings} = await openAuthority(choice.directory, now());
			const {keyType = 'ec'} = choice;
			const directory = resolve(choice.directory);
			const kept = readLeaf(directory, authority, {names: checked, keyType, now: now()});
			const {leaf, ...contexts} = await authorityContexts(authority, {
				names: checked,
				serves,
				now,
				keyType,
				kept,
				clients,
			});
			if (leaf !== kept) {
				keepLeaf(directory, leaf);
			}
			return {
				...contexts,
				ca: authority.root.toString(),
				caFile,
				vouchesFor: () => false,
				preferredName: undefined,
				warnings: [...warnings, ...authorityWarnings(authority.root, now(), trust), ...ofClients],
			};
		}
		case 'self-signed': {
			const {openSelfSigned} = await import('./self-signed.js');
			const checked = distinct([...names, ...further].map(parseName));
			const {key, cert, file, warnings} = await openSelfSigned(choice.directory, checked, now());
			const material = {key, cert, clients};
			const context = contextOf(material, file);
			return {
				contextFor: () => context,
				unnamed: () => material,
				ca: cert,
				caFile: file,
				vouchesFor: () => false,
				preferredName: undefined,
				warnings: [...warnings, ...ofClients],
				close: nothing,
			};
		}
		case 'own': {
			const {openOwn} = await import('./own.js');
			const {cert, key, passphrase} = choice;
			return ownCertificates(openOwn(cert, key, passphrase), cert, now(), clients);
		}
		case 'pfx': {
			const {openPkcs12} = await import('./pkcs12.js');
			const {pfx, passphrase} = choice;
			return ownCertificates(await openPkcs12(pfx, passphrase), pfx, now(), clients);
		}
	}
}

/** What may be vouched for; before an authority is made for names that it could not have. */
async function constraintsFor(names: readonly string[], directory: string): Promise<Subtrees> {
	if (names.every(name => isWithin(parseName(name)))) {
		return permitted;
	}
	const {peekAuthority} = await import('./store/stored-roots.js');
	return (await peekAuthority(directory))?.constraints ?? permitted;
}

function ownCertificates(
	{key, leaf, chain}: KeyPair,
	file: string,
	now: number,
	clients: OpenedClientAuthority | undefined,
): Certificates {
	const material = {
		key: key.export({type: 'pkcs8', format: 'pem'}).toString(),
		cert: chain.join(''),
		clients,
	};
	const context = contextOf(material, file);
	return {
		contextFor: () => context,
		unnamed: () => material,
		ca: undefined,
		caFile: undefined,
		vouchesFor: host => holds(leaf, host),
		preferredName: holds(leaf, 'localhost') ? undefined : firstName(leaf),
		warnings: [...expiryWarnings(file, leaf, now), ...(clients?.warnings ?? [])],
		close: nothing,
	};
}

function nothing(): void {
	// These certificates are not renewed.
}

/** By its subject alternative names alone (RFC 6125 section 6.4): a wildcard stands for one label. */
function holds(leaf: X509Certificate, host: string): boolean {
	const address = canonicalAddress(host);
	if (address !== undefined) {
		return leaf.checkIP(address) !== undefined;
	}
	return (
		isHostName(host.toLowerCase()) &&
		leaf.checkHost(host, {subject: 'never', partialWildcards: false}) !== undefined
	);
}

function firstName(leaf: X509Certificate): string | undefined {
	return (leaf.subjectAltName ?? '')
		.split(', ')
		.map(entry => entry.replace(/^DNS:/, ''))
		.find(isHostName);
}

function contextOf({key, cert, clients}: TlsMaterial, file: string): SecureContext {
	try {
		return createSecureContext({...settingsFor(clients), key, cert});
	} catch (error) {
		const code = systemCode(error) ?? 'unknown error';
		throw new UserError(
			'certificate-invalid',
			`cannot serve ${file}: OpenSSL refuses it (${code})`,
			{
				hint: 'give a certificate with an ECDSA P-256 key, or an RSA key of at least 2048 bits',
			},
		);
	}
}

function distinct(names: readonly Name[]): readonly Name[] {
	return [...new Map(names.map(name => [name.text, name])).values()];
}
