import {createPrivateKey, X509Certificate} from 'node:crypto';
import {join} from 'node:path';
import type {Name} from './names.js';
import {pemBlocks, pemOf} from './pem.js';
import {openDirectory} from './store/directory.js';
import {asOwner} from './store/owner.js';
import {readPrivate} from './store/private-file.js';
import {publish, replace} from './store/publish.js';
import {storeError} from './store/store-error.js';

/** A key and a certificate that signs itself, as PEM. */
export interface SelfSigned {
	readonly key: string;
	readonly cert: string;
	readonly certificate: X509Certificate;
	/** Path of the file with both. */
	readonly file: string;
	/** What a person should know if others could read the file: one sentence, or none. */
	readonly exposed: readonly string[];
}

const fileName = 'self-signed.pem';
const day = 86_400_000;
const life = 365 * day;
const reserve = 30 * day;

/**
 * Loads the self-signed certificate of a store, so that clients that were told to trust it go on doing
 * so, or makes one: where there is none, where it has less than 30 days left, and where it lacks one
 * of the names. A new one lives for 365 days.
 *
 * @param path the store directory, made when it is missing
 * @param names at least one
 * @param now milliseconds since 1970
 * @throws UserError `store-unusable`
 */
export async function openSelfSigned(
	path: string,
	names: readonly Name[],
	now: number = Date.now(),
): Promise<SelfSigned> {
	return asOwner(() => open(path, names, now));
}

async function open(path: string, names: readonly Name[], now: number): Promise<SelfSigned> {
	const directory = await openDirectory(path);
	const file = join(directory, fileName);
	const stored = readStored(file);
	if (stored !== undefined && isUsable(stored.certificate, names, now)) {
		return stored;
	}
	const made = await generate(names, now);
	if (stored !== undefined) {
		replace(directory, fileName, made);
	} else {
		await publish(directory, fileName, made);
	}
	const fresh = readStored(file);
	if (fresh === undefined || !isUsable(fresh.certificate, names, now)) {
		throw storeError(
			`cannot use ${file}`,
			'another process puts its own certificate there, for other names',
			'give each of them a directory of its own with --certs',
		);
	}
	return fresh;
}

function readStored(file: string): SelfSigned | undefined {
	const stored = readPrivate(file);
	if (stored === undefined) {
		return undefined;
	}
	const blocks = pemBlocks(stored.text);
	const [key] = pemOf(blocks, 'PRIVATE KEY');
	const [cert] = pemOf(blocks, 'CERTIFICATE');
	try {
		if (key !== undefined && cert !== undefined) {
			const certificate = new X509Certificate(cert);
			if (certificate.checkPrivateKey(createPrivateKey(key))) {
				return {key, cert, certificate, file, exposed: exposureOf(file, stored.exposed)};
			}
		}
	} catch {
		// Damaged, like the case below.
	}
	throw storeError(
		`cannot use ${file}`,
		'it is damaged',
		'delete it to have a new certificate made; clients that trusted the old one must then be given the new one',
	);
}

function exposureOf(file: string, mode: string | undefined): readonly string[] {
	return mode === undefined
		? []
		: [
				`${file} could be read by other users (mode ${mode}); it is 0600 now, but if you do not trust ` +
					'everybody who uses this machine, delete it to have a new one made',
			];
}

function isUsable(certificate: X509Certificate, names: readonly Name[], now: number): boolean {
	return (
		now >= Date.parse(certificate.validFrom) &&
		now < Date.parse(certificate.validTo) - reserve &&
		names.every(({kind, text}) =>
			kind === 'ip'
				? certificate.checkIP(text) !== undefined
				: certificate.checkHost(text, {subject: 'never'}) !== undefined,
		)
	);
}

/** Not a CA: a client that trusts it trusts these names, and Firefox refuses a CA as a server. */
async function generate(names: readonly Name[], now: number): Promise<string> {
	const selfsigned = await import('selfsigned');
	const notBefore = Math.floor(now / 1000) * 1000 - 3_600_000;
	const commonName = names.find(({kind, text}) => kind === 'dns' && text.length <= 64)?.text;
	const pems = await selfsigned.generate(
		[
			{shortName: 'O', value: 'Sealport self-signed'},
			...(commonName === undefined ? [] : [{shortName: 'CN', value: commonName}]),
		],
		{
			keyType: 'ec',
			curve: 'P-256',
			algorithm: 'sha256',
			notBeforeDate: new Date(notBefore),
			notAfterDate: new Date(notBefore + life - 1000),
			extensions: [
				{name: 'basicConstraints', cA: false, critical: true},
				{name: 'keyUsage', digitalSignature: true, critical: true},
				{name: 'extKeyUsage', serverAuth: true},
				{
					name: 'subjectAltName',
					altNames: names.map(({kind, text}) =>
						kind === 'ip' ? {type: 7, ip: text} : {type: 2, value: text},
					),
				},
			],
		},
	);
	return `${pems.private.trim()}\n${pems.cert.trim()}\n`;
}
