import {createPrivateKey, X509Certificate} from 'node:crypto';
import {join} from 'node:path';
import type {Authority} from '../authority.js';
import {leafLife, renewalOf} from '../expiry.js';
import type {KeyType} from '../key-type.js';
import type {Leaf} from '../leaf.js';
import {canonicalAddress, type Name} from '../names.js';
import {pemBlocks} from '../pem.js';
import {peekPrivate} from './private-file.js';
import {replace} from './publish.js';

/** The leaf of the last start, with its key. */
export const leafName = 'leaf.pem';

/** What a leaf has to be like to be served. */
export interface WantedLeaf {
	/** Exactly these, in this order. */
	readonly names: readonly Name[];
	readonly keyType: KeyType;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** The one purpose of a leaf, serverAuth (RFC 5280 section 4.2.1.12). */
const serverAuth = '1.3.6.1.5.5.7.3.1';

/**
 * Reads the leaf that an earlier start has kept, which spares this one to make its own.
 *
 * @param directory of the store, absolute
 * @param authority the one of that store
 * @returns `undefined` for whatever is not fit: a leaf for other names, of another authority or of another
 *   kind, one that is not in the first two thirds of its life, a file that is damaged, a link, of somebody
 *   else or open to others. A leaf is easily made anew, so that none of this is an error
 */
export function readLeaf(
	directory: string,
	authority: Authority,
	wanted: WantedLeaf,
): Leaf | undefined {
	try {
		const stored = peekPrivate(join(directory, leafName));
		// What others could read is not kept secret by taking its mode back.
		return stored === undefined || stored.exposed !== undefined
			? undefined
			: parse(stored.text, authority, wanted);
	} catch {
		return undefined;
	}
}

/**
 * Keeps a leaf for the next start, in place of the one that is there. Where that is not possible, as on
 * a full disk, the next start makes its own.
 *
 * @param directory of the store, absolute
 */
export function keepLeaf(directory: string, {key, chain}: Leaf): void {
	try {
		replace(directory, leafName, `${key}${pemBlocks(chain)[0]?.text ?? ''}`);
	} catch {
		// It is served from memory all the same.
	}
}

function parse(
	text: string,
	{issuing}: Authority,
	{names, keyType, now}: WantedLeaf,
): Leaf | undefined {
	const blocks = pemBlocks(text);
	const [key = '', leaf = ''] = blocks.map(block => block.text);
	if (blocks.map(({label}) => label).join() !== 'PRIVATE KEY,CERTIFICATE') {
		return undefined;
	}
	const certificate = new X509Certificate(leaf);
	const [notBefore, notAfter] = [
		Date.parse(certificate.validFrom),
		Date.parse(certificate.validTo),
	];
	const renewAt = renewalOf(notBefore, notAfter);
	const isFit =
		now >= notBefore &&
		now < renewAt &&
		notAfter - notBefore <= leafLife &&
		!certificate.ca &&
		certificate.keyUsage?.join() === serverAuth &&
		certificate.publicKey.asymmetricKeyType === keyType &&
		namesIn(certificate) === names.map(({text}) => text).join() &&
		certificate.checkIssued(issuing) &&
		certificate.verify(issuing.publicKey) &&
		certificate.checkPrivateKey(createPrivateKey(key));
	return isFit ? {key, chain: leaf + issuing.toString(), notBefore, notAfter, renewAt} : undefined;
}

/** In their order; OpenSSL writes out every part of an IPv6 address. */
function namesIn({subjectAltName = ''}: X509Certificate): string {
	return subjectAltName
		.split(', ')
		.map(entry => entry.replace(/^(DNS|IP Address):/, ''))
		.map(text => canonicalAddress(text) ?? text)
		.join();
}
