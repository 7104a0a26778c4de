import type {KeyPairKeyObjectResult} from 'node:crypto';
import type {Authority} from './authority.js';
import {issue, toPem} from './certificate.js';
import type {Der} from './der.js';
import {leafLife, renewalOf} from './expiry.js';
import type {AlternativeName, Purpose} from './extensions.js';
import {newKeys} from './key-type.js';

/** A certificate to serve, with its key. Times in milliseconds since 1970. */
export interface Leaf {
	/** PEM, PKCS#8. */
	readonly key: string;
	/** PEM: the leaf, then the issuing CA. */
	readonly chain: string;
	readonly notBefore: number;
	readonly notAfter: number;
	/** When two thirds of its life are over. */
	readonly renewAt: number;
}

/** What a leaf is to be like, where it is not as usual. */
export interface LeafOptions {
	/** A fresh P-256 key by default. */
	readonly keys?: KeyPairKeyObjectResult;
	/** How long it lives in all; 30 by default. */
	readonly days?: number;
	/** `serverAuth` by default. */
	readonly purposes?: readonly Purpose[];
	/** By default the first of its names that a common name can be. */
	readonly commonName?: string;
}

/** So much of a leaf's life lies in the past when it is made, in milliseconds. */
export const backdating = 3_600_000;

const day = 86_400_000;

/**
 * Makes a leaf for exactly the names given: a fresh P-256 key, 30 days of life in all, of which one
 * hour lies in the past, for clients whose clock is behind; never beyond the life of the issuing CA.
 * Synchronous, and about a millisecond, because it happens within a handshake.
 *
 * @param names at least one, all within the authority's constraints
 * @param now milliseconds since 1970
 */
export function createLeaf(
	der: Der,
	authority: Authority,
	names: readonly AlternativeName[],
	now: number,
	options: LeafOptions = {},
): Leaf {
	const {keys = newKeys('ec'), days = leafLife / day, purposes = ['serverAuth']} = options;
	const {privateKey, publicKey} = keys;
	const second = Math.floor(now / 1000) * 1000;
	const notBefore = Math.max(second - backdating, Date.parse(authority.issuing.validFrom));
	// Both ends belong to the life of a certificate, hence one second less.
	const notAfter = Math.min(notBefore + days * day - 1000, Date.parse(authority.issuing.validTo));
	// A common name has to be one of the names, and a DNS name: some clients hold it against the
	// constraints as if it were one.
	const {commonName = names.find(({kind, text}) => kind === 'dns' && text.length <= 64)?.text} =
		options;
	const certificate = issue(
		der,
		{
			subject: {organization: 'Sealport', ...(commonName === undefined ? {} : {commonName})},
			publicKey,
			notBefore: new Date(notBefore),
			notAfter: new Date(notAfter),
			profile: {purposes, names},
		},
		{key: authority.key, certificate: authority.issuing.raw},
	);
	return {
		key: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
		chain: toPem(certificate) + authority.issuing.toString(),
		notBefore,
		notAfter,
		renewAt: renewalOf(notBefore, notAfter),
	};
}
