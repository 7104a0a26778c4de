import {createHash, createPublicKey, type KeyObject, randomBytes, sign} from 'node:crypto';
import type {Der, DerNode} from './der.js';
import {extensionsOf, type Profile} from './extensions.js';

/** The distinguished name of a subject: what a person recognises in a trust store. */
export interface Subject {
	readonly organization: string;
	/** At most 64 characters (RFC 5280 appendix A.1, ub-common-name). */
	readonly commonName?: string;
}

/** Who signs. */
export interface Signer {
	/** The private key. */
	readonly key: KeyObject;
	/** DER of the signer's certificate; `undefined` for one that signs itself. */
	readonly certificate: Buffer | undefined;
}

/** What a certificate is to say, and for which key. */
export interface CertificateRequest {
	readonly subject: Subject;
	readonly publicKey: KeyObject;
	/** First and last instant of its life, in whole seconds, the last one included. */
	readonly notBefore: Date;
	readonly notAfter: Date;
	readonly profile: Profile;
}

/** The signature algorithm for each kind of key that signs: the OID, and Node's name of the hash. */
const algorithms: Readonly<Record<string, {readonly oid: string; readonly hash: string}>> = {
	ec: {oid: '1.2.840.10045.4.3.2', hash: 'sha256'},
};

/**
 * Makes and signs an X.509 v3 certificate (RFC 5280) with ECDSA and SHA-256 (RFC 5758).
 *
 * @returns DER
 * @throws TypeError when the signer's key is of a kind that is not supported
 */
export function issue(der: Der, request: CertificateRequest, signer: Signer): Buffer {
	const algorithm = algorithms[signer.key.asymmetricKeyType ?? ''];
	if (algorithm === undefined) {
		throw new TypeError(`cannot sign with a key of type ${signer.key.asymmetricKeyType}`);
	}
	const subject = nameOf(der, request.subject);
	const algorithmId = der.sequence(der.oid(algorithm.oid));
	const spki = request.publicKey.export({type: 'spki', format: 'der'});
	const body = der.sequence(
		der.tagged(0, der.integer(2)),
		der.integer(serialNumber()),
		algorithmId,
		signer.certificate === undefined ? subject : subjectOf(der, signer.certificate),
		der.sequence(der.time(request.notBefore), der.time(request.notAfter)),
		subject,
		der.decode(spki),
		extensionsOf(der, request.profile, {
			subjectKeyId: keyIdentifier(spki),
			authorityKeyId: keyIdentifier(
				createPublicKey(signer.key).export({type: 'spki', format: 'der'}),
			),
			canEncrypt: request.publicKey.asymmetricKeyType === 'rsa',
		}),
	);
	const signature = sign(algorithm.hash, der.encode(body), signer.key);
	return der.encode(der.sequence(body, algorithmId, der.bits(signature)));
}

/** Writes DER as PEM (RFC 7468). */
export function toPem(certificate: Buffer): string {
	const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
	return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** 128 random bits behind a leading 1, so that it is positive and its bytes are minimal. */
function serialNumber(): Buffer {
	return Buffer.concat([Buffer.from([1]), randomBytes(16)]);
}

/** The hash of the SubjectPublicKeyInfo, cut to 160 bits (RFC 7093 section 2). */
function keyIdentifier(spki: Buffer): Buffer {
	return createHash('sha256').update(spki).digest().subarray(0, 20);
}

function nameOf(der: Der, {organization, commonName}: Subject): DerNode {
	const attribute = (oid: string, value: string) =>
		der.set(der.sequence(der.oid(oid), der.utf8(value)));
	return der.sequence(
		attribute('2.5.4.10', organization),
		...(commonName === undefined ? [] : [attribute('2.5.4.3', commonName)]),
	);
}

/** The subject of a certificate byte for byte, since path building compares names. */
function subjectOf(der: Der, certificate: Buffer): DerNode {
	const body = child(der.decode(certificate), 0);
	return child(body, 5);
}

function child(node: DerNode, index: number): DerNode {
	const found = Array.isArray(node.value) ? node.value[index] : undefined;
	if (found === undefined) {
		throw new TypeError('not a certificate');
	}
	return found;
}
