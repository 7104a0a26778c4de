import {createPrivateKey, X509Certificate} from 'node:crypto';
import {join, resolve} from 'node:path';
import {parseClientName} from './client-name.js';
import {assertWithinConstraints, type Subtrees} from './constraints.js';
import {loadDer} from './der.js';
import {authorityWarnings} from './expiry.js';
import type {AlternativeName} from './extensions.js';
import {fileStem} from './file-stem.js';
import {type KeyType, newKeys} from './key-type.js';
import {createLeaf, type Leaf, type LeafOptions} from './leaf.js';
import {pemBlocks} from './pem.js';
import type {Strength} from './pkcs12/encrypt.js';
import {type NewFile, placeTogether, refuseTaken} from './place-together.js';
import {openAuthority} from './store/open-authority.js';
import {asOwner} from './store/owner.js';
import {trustCommand} from './store/trust-command.js';
import {fingerprintOf} from './trust/root.js';

/** What certificate files to write. Paths are relative to the working directory. */
export interface CertificateOrder {
	/** A server with these host names and addresses, or a client with this name. */
	readonly subject:
		| {readonly kind: 'server'; readonly names: readonly string[]}
		| {readonly kind: 'client'; readonly name: string};
	readonly keyType: KeyType;
	/** How long it lives in all, unless the authority ends before. */
	readonly days: number;
	/** PEM when left out. */
	readonly pkcs12?: {readonly passphrase: string; readonly strength: Strength} | undefined;
	/** Where the files go; made when it is missing. */
	readonly out: string;
	/** Whether they may take the place of files that are there. */
	readonly force: boolean;
	/** The store directory. */
	readonly directory: string;
}

/** What was written. */
export interface WrittenCertificate {
	/** Absolute paths: chain and key, or one PKCS#12 file. */
	readonly files: readonly string[];
	/** What it is for: host names and addresses, or the name of a client. */
	readonly names: readonly string[];
	readonly notAfter: Date;
	/** SHA-256 of the certificate: 64 hexadecimal digits in lower case. */
	readonly fingerprint: string;
	/** Path of the root certificate. */
	readonly caFile: string;
	/** What a person should know, in sentences without a full stop. */
	readonly warnings: readonly string[];
}

const day = 86_400_000;

/**
 * Makes a certificate and its key with the authority of a store, and writes them as files for other
 * programs: all of them or none. Under sudo they belong to the person who called it.
 *
 * @param now milliseconds since 1970
 * @throws UserError `option-invalid`, `name-outside-constraints`, `file-exists`, `file-unwritable` or
 *   `store-unusable`
 */
export async function writeCertificate(
	order: CertificateOrder,
	now: number = Date.now(),
): Promise<WrittenCertificate> {
	const {keyType, days, force} = order;
	const {authority, caFile, warnings} = await openAuthority(order.directory, now);
	const trust = trustCommand(resolve(order.directory));
	const {names, shown, options} = subjectOf(order.subject, authority.constraints, trust);
	const [first = ''] = shown;
	const stem = fileStem(first) + (order.subject.kind === 'client' ? '-client' : '');
	const fileNames =
		order.pkcs12 === undefined ? [`${stem}.pem`, `${stem}-key.pem`] : [`${stem}.p12`];
	const out = resolve(order.out);
	// Before a key is made in vain; looked at again when the files go to their place.
	asOwner(() => refuseTaken(out, fileNames, force));

	const leaf = createLeaf(await loadDer(), authority, names, now, {
		keys: newKeys(keyType),
		days,
		...options,
	});
	const contents =
		order.pkcs12 === undefined
			? [leaf.chain, leaf.key]
			: [await pkcs12Of(leaf, first, order.pkcs12)];
	const files = fileNames.map(
		(name, index): NewFile => ({
			name,
			content: contents[index] ?? '',
			// The chain alone is public.
			mode: contents[index] === leaf.chain ? 0o644 : 0o600,
		}),
	);
	asOwner(() => placeTogether(out, files, force));
	return {
		files: fileNames.map(name => join(out, name)),
		names: shown,
		notAfter: new Date(leaf.notAfter),
		fingerprint: fingerprintOf(new X509Certificate(leaf.chain)),
		caFile,
		warnings: [
			...warnings,
			...authorityWarnings(authority.root, now, trust),
			...cutWarnings(leaf, days),
		],
	};
}

interface SubjectNames {
	readonly names: readonly AlternativeName[];
	/** As people are to read them. */
	readonly shown: readonly string[];
	readonly options: Pick<LeafOptions, 'purposes' | 'commonName'>;
}

function subjectOf(
	subject: CertificateOrder['subject'],
	constraints: Subtrees,
	trust: string,
): SubjectNames {
	if (subject.kind === 'client') {
		const {commonName, alternative} = parseClientName(subject.name, constraints, trust);
		const options = {purposes: ['clientAuth'], commonName} as const;
		return {names: [alternative], shown: [commonName], options};
	}
	const instead = 'have a public authority make the certificate';
	const all = subject.names.map(name =>
		assertWithinConstraints(name, constraints, {trust, instead}),
	);
	const names = [...new Map(all.map(name => [name.text, name])).values()];
	return {names, shown: names.map(({text}) => text), options: {}};
}

async function pkcs12Of(
	{key, chain}: Leaf,
	name: string,
	{passphrase, strength}: {readonly passphrase: string; readonly strength: Strength},
): Promise<Buffer> {
	const {writePkcs12} = await import('./write-pkcs12.js');
	const certificates = pemBlocks(chain).map(({text}) => new X509Certificate(text));
	return writePkcs12({key: createPrivateKey(key), chain: certificates, name}, passphrase, strength);
}

function cutWarnings({notBefore, notAfter}: Leaf, days: number): readonly string[] {
	const got = Math.round((notAfter - notBefore) / day);
	return got >= days
		? []
		: [`it ends after ${got} days and not ${days}, since the local authority ends then`];
}
