import {createPrivateKey, X509Certificate} from 'node:crypto';
import {join} from 'node:path';
import type {Name} from './names.js';
import {pemBlocks, pemOf} from './pem.js';
import {openDirectory} from './store/directory.js';
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
	/** What a person should know, in sentences without a full stop. */
	readonly warnings: readonly string[];
}

const fileName = 'self-signed.pem';
const day = 86_400_000;
const life = 365 * day;
const reserve = 30 * day;

/** What follows for clients when a certificate that signs itself is replaced. */
const consequence = 'clients that trusted the old one must then be given the new one';

/**
 * Loads the self-signed certificate of a store, so that clients that were told to trust it go on doing
 * so, or makes one: where there is none, and, with a warning, where it has less than 30 days left or
 * lacks one of the names. A new one lives for 365 days.
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
	const directory = await openDirectory(path);
	const file = join(directory, fileName);
	const stored = readStored(file);
	const fault = stored && faultOf(stored, names, now);
	if (stored !== undefined && fault === undefined) {
		return stored;
	}
	const made = await generate(names, now);
	if (stored !== undefined) {
		replace(directory, fileName, made);
	} else {
		await publish(directory, fileName, made);
	}
	const fresh = readStored(file);
	if (fresh === undefined || faultOf(fresh, names, now) !== undefined) {
		throw storeError(
			`cannot use ${file}`,
			'another process puts its own certificate there, for other names',
			'give each of them a directory of its own with --certs',
		);
	}
	if (fault === undefined) {
		return fresh;
	}
	const news = `a new self-signed certificate is in ${file}, since ${fault}: clients that trusted the old one must be given it`;
	return {...fresh, warnings: [...fresh.warnings, news]};
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
				return {key, cert, certificate, file, warnings: exposureOf(file, stored.exposed)};
			}
		}
	} catch {
		// Damaged, like the case below.
	}
	throw storeError(
		`cannot use ${file}`,
		'it is damaged',
		`delete it to have a new certificate made; ${consequence}`,
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

/**
 * Why a new certificate is to be made in place of one, or `undefined`.
 *
 * @throws UserError `store-unusable` when its life has not begun: then a clock is or was wrong
 */
function faultOf(
	{certificate, file}: SelfSigned,
	names: readonly Name[],
	now: number,
): string | undefined {
	const {validFrom, validTo} = certificate;
	if (now < Date.parse(validFrom)) {
		const today = new Date(now).toISOString().slice(0, 10);
		throw storeError(
			`cannot use ${file}`,
			`it is valid only from ${validFrom}, and the clock of this machine says ${today}`,
			`set the clock; if it is right, it was wrong when the certificate was made: delete the file to have a new one made; ${consequence}`,
		);
	}
	if (now >= Date.parse(validTo) - reserve) {
		return `the old one ${now > Date.parse(validTo) ? 'ended' : 'ends'} on ${validTo}`;
	}
	const lacking = names.find(({kind, text}) =>
		kind === 'ip'
			? certificate.checkIP(text) === undefined
			: certificate.checkHost(text, {subject: 'never'}) === undefined,
	);
	return lacking && `the old one was not made for ${lacking.text}`;
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
