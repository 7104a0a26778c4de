import {isIP, isIPv4} from 'node:net';
import {domainToASCII} from 'node:url';
import {UserError} from '../errors.js';

/** A name that a certificate can hold: a DNS name, or an IP address. */
export type Name =
	/** Lower case, without a trailing dot, internationalised labels as punycode. */
	| {readonly kind: 'dns'; readonly text: string}
	/** In the canonical text form, IPv6 without brackets. */
	| {readonly kind: 'ip'; readonly text: string};

const label = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;

/**
 * Whether a text is a host name as a certificate may hold it: labels of letters, digits and hyphens
 * (RFC 1123 section 2.1, RFC 5890 section 2.3.1), at most 253 characters, and not an IPv4 address.
 *
 * @param text lower case, without a trailing dot
 */
export function isHostName(text: string): boolean {
	if (text.length === 0 || text.length > 253) {
		return false;
	}
	const labels = text.split('.');
	return labels.every(part => label.test(part)) && !/^\d+$/.test(labels.at(-1) ?? '');
}

/**
 * The canonical form of an IP address (RFC 5952), or `undefined` for any other text, which includes
 * an address with a zone (`fe80::1%eth0`), since a certificate cannot hold one.
 *
 * @param text with or without the brackets that a URL puts around IPv6
 */
export function canonicalAddress(text: string): string | undefined {
	const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
	if (bare.includes('%') || isIP(bare) === 0) {
		return undefined;
	}
	return isIPv4(bare) ? bare : new URL(`http://[${bare}]/`).hostname.slice(1, -1);
}

/**
 * The bytes of an address in network order: 4 or 16 (RFC 5280 section 4.2.1.6).
 *
 * @param canonical as `canonicalAddress` returns it
 */
export function addressBytes(canonical: string): Buffer {
	if (isIPv4(canonical)) {
		return Buffer.from(canonical.split('.').map(Number));
	}
	const [head = '', tail] = canonical.split('::');
	const front = head.split(':').filter(Boolean);
	const back = (tail ?? '').split(':').filter(Boolean);
	const zeros = new Array<string>(8 - front.length - back.length).fill('0');
	const words = [...front, ...zeros, ...back];
	return Buffer.from(words.map(word => word.padStart(4, '0')).join(''), 'hex');
}

/**
 * Reads a host name or an IP address as a person writes it.
 *
 * @param text in any case, with or without a trailing dot, internationalised or not
 * @throws UserError `option-invalid`
 */
export function parseName(text: string): Name {
	const address = canonicalAddress(text);
	if (address !== undefined) {
		return {kind: 'ip', text: address};
	}
	const lower = text.toLowerCase();
	// Only for text beyond ASCII: domainToASCII reads a host as a URL does, and so turns "127.1" into
	// an address and decodes percent signs.
	const ascii = /^[\u0000-\u007f]*$/.test(lower) ? lower : domainToASCII(lower);
	const name = ascii.replace(/\.$/, '');
	if (!isHostName(name)) {
		const why = text.includes('*')
			? 'a certificate is made for exact names, never for a wildcard'
			: 'expected a host name or an IP address';
		throw new UserError('option-invalid', `name: ${why}, got ${JSON.stringify(text)}`, {
			hint: 'give a name such as app.localhost, or an address such as 127.0.0.1',
		});
	}
	return {kind: 'dns', text: name};
}
