import {createHash, X509Certificate} from 'node:crypto';
import {UserError} from '../errors.js';
import type {ClientAuthority} from '../forward/seams.js';
import {printable} from '../printable.js';
import type {CertificateChoice} from './choice.js';
import {clientCertificateOf} from './client-certificate.js';
import {readNamed} from './own.js';
import {pemBlocks, pemOf} from './pem.js';
import {openAuthority} from './store/open-authority.js';

/** Who has to have signed the certificates of clients, and what a person should know of it. */
export interface OpenedClientAuthority extends ClientAuthority {
	/** In sentences without a full stop. */
	readonly warnings: readonly string[];
}

/**
 * Opens what client certificates are verified by: the certificates in a file, or the local authority of the
 * certificate served.
 *
 * @param file PEM, one or more certificates of authorities, each with those above it; the local authority
 *   when left out
 * @param choice the certificate served
 * @param now milliseconds since 1970
 * @throws UserError `certificate-unreadable` or `certificate-invalid` for the file, `option-invalid` where
 *   there is no local authority, `store-unusable`
 */
export async function openClientAuthority(
	file: string | undefined,
	choice: CertificateChoice,
	now: number = Date.now(),
): Promise<OpenedClientAuthority> {
	if (file !== undefined) {
		const certificates = readAuthorities(file);
		return {...authorityOf(certificates), warnings: warningsOf(file, certificates, now)};
	}
	if (choice.kind !== 'authority') {
		const served = choice.kind === 'self-signed' ? 'a self-signed one' : 'one of your own';
		throw new UserError(
			'option-invalid',
			`mtls: the certificate served is ${served}, so that there is no local authority for those of clients`,
			{
				hint: 'name the file with the authority of theirs with --client-ca: for sealport cert --client it is the ca.pem of its store',
			},
		);
	}
	const {authority} = await openAuthority(choice.directory, now);
	// The issuing CA as well, for clients that show no more than their own certificate.
	return {...authorityOf([authority.root, authority.issuing]), warnings: []};
}

function authorityOf(certificates: readonly X509Certificate[]): ClientAuthority {
	const hash = createHash('sha256');
	for (const {raw} of certificates) {
		hash.update(raw);
	}
	const id = hash.digest('hex');
	return {
		certificates: certificates.map(certificate => certificate.toString()),
		id,
		certificateOf: socket => clientCertificateOf(socket, id),
	};
}

function readAuthorities(path: string): readonly X509Certificate[] {
	const blocks = pemBlocks(readNamed('client-ca', path).toString('latin1'));
	if (blocks.some(({label}) => label.endsWith('PRIVATE KEY'))) {
		throw invalid(path, 'it holds a private key', 'give a file with certificates only');
	}
	const texts = pemOf(blocks, 'CERTIFICATE');
	if (texts.length === 0) {
		throw invalid(
			path,
			'it holds no certificate in PEM',
			'if it is in DER, convert it with openssl x509 -inform der',
		);
	}
	const certificates = texts.map(text => {
		const certificate = parse(path, text);
		if (!certificate.ca) {
			throw invalid(
				path,
				`the certificate of ${nameOf(certificate)} in it is not that of an authority`,
				'give the certificate of the authority that has signed those of the clients',
			);
		}
		return certificate;
	});
	for (const certificate of certificates) {
		// Node's server trusts what has signed itself, and nothing below it alone.
		if (!certificates.some(other => isSignedBy(certificate, other))) {
			throw invalid(
				path,
				`the authority ${nameOf(certificate)} in it is signed by another, which is not in it`,
				'add the certificate of that one, up to one that has signed itself: clients are verified by all of them',
			);
		}
	}
	return certificates;
}

function isSignedBy(certificate: X509Certificate, other: X509Certificate): boolean {
	return certificate.checkIssued(other) && certificate.verify(other.publicKey);
}

function parse(path: string, text: string): X509Certificate {
	try {
		return new X509Certificate(text);
	} catch (error) {
		throw invalid(path, 'a certificate in it is damaged', 'make the file anew', error);
	}
}

function invalid(path: string, why: string, hint: string, cause?: unknown): UserError {
	return new UserError('certificate-invalid', `client-ca: cannot use ${path}: ${why}`, {
		hint,
		cause,
	});
}

function warningsOf(
	file: string,
	certificates: readonly X509Certificate[],
	now: number,
): readonly string[] {
	return certificates
		.filter(({validTo}) => Date.parse(validTo) < now)
		.map(
			certificate =>
				`the authority ${nameOf(certificate)} in ${file} ended on ${certificate.validTo}: clients with its certificates are refused`,
		);
}

/** A distinguished name in one line. */
function nameOf({subject}: X509Certificate): string {
	return `"${printable((subject ?? '').replaceAll('\n', ', '))}"`;
}
