import type {X509Certificate} from 'node:crypto';
import type {TLSSocket} from 'node:tls';
import type {ClientCertificate} from '../forward/seams.js';
import {printable} from '../printable.js';

/** What OpenSSL says of a certificate that none of the authorities has signed, directly or not. */
const ofOthers = new Set([
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'CERT_SIGNATURE_FAILURE',
	'CERT_UNTRUSTED',
]);

/**
 * The certificate by which a client has proved who it is, or why there is none. That Node calls a socket
 * authorized is not enough: it says so of a session that was taken up again without a certificate, too.
 *
 * @param socket of a server that asks for certificates, after its handshake
 * @param authority the one that certificates are verified by
 */
export function clientCertificateOf(
	socket: TLSSocket,
	authority: string,
): ClientCertificate | Error {
	try {
		return read(socket, authority);
	} catch {
		// Whatever Node cannot make of a certificate that OpenSSL has read.
		return new Error('the certificate of the client cannot be read');
	}
}

function read(socket: TLSSocket, authority: string): ClientCertificate | Error {
	const certificate = socket.getPeerX509Certificate();
	if (certificate === undefined) {
		return new Error('the client sent no certificate');
	}
	if (!socket.authorized || socket.isSessionReused()) {
		return new Error(reasonFor(String(socket.authorizationError), certificate));
	}
	const names = namesOf(certificate);
	const [name] = names;
	if (name === undefined) {
		return new Error(
			'the certificate of the client has neither one common name nor an alternative name to know it by',
		);
	}
	const {raw: der, fingerprint256: fingerprint} = certificate;
	return {name, names, der, fingerprint, authority};
}

/** @param code OpenSSL's */
function reasonFor(code: string, certificate: X509Certificate): string {
	const {validFrom, validTo, issuer} = certificate;
	if (code === 'CERT_HAS_EXPIRED') {
		return Date.parse(validTo) < Date.now()
			? `the certificate of the client ended on ${dayOf(validTo)}`
			: 'an authority above the certificate of the client has ended';
	}
	if (code === 'CERT_NOT_YET_VALID') {
		return Date.parse(validFrom) > Date.now()
			? `the certificate of the client is not valid before ${dayOf(validFrom)}`
			: 'an authority above the certificate of the client is not valid yet';
	}
	if (code === 'INVALID_PURPOSE') {
		return 'the certificate of the client is not one for clients';
	}
	if (ofOthers.has(code)) {
		const by = printable((issuer ?? '').replaceAll('\n', ', '));
		return `the certificate of the client is from another authority, "${by}"`;
	}
	return `the certificate of the client cannot be verified (${code})`;
}

function dayOf(time: string): string {
	return new Date(time).toISOString().slice(0, 10);
}

/**
 * The names in a certificate: its common name, then the host names, e-mail addresses and URIs among its
 * alternative names. Where a subject has several common names, none of them says who it is.
 */
export function namesOf(certificate: X509Certificate): readonly string[] {
	const {subject} = certificate.toLegacyObject();
	// Typed as text; it is a list where there are several.
	const common: unknown = subject?.CN;
	const alternative = alternativeNames(certificate.subjectAltName ?? '');
	return typeof common === 'string' && common !== '' ? [common, ...alternative] : alternative;
}

/** Entries that hold what could be taken for another entry are quoted as JSON is. */
const entry = /([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/y;

function alternativeNames(text: string): string[] {
	const names: string[] = [];
	entry.lastIndex = 0;
	for (let found = entry.exec(text); found !== null; found = entry.exec(text)) {
		const [, kind = '', value = ''] = found;
		if (['DNS', 'email', 'URI'].includes(kind)) {
			names.push(value.startsWith('"') ? String(JSON.parse(value)) : value);
		}
		if (entry.lastIndex === text.length) {
			break;
		}
	}
	return names.filter(name => name !== '');
}
