import type {X509Certificate} from 'node:crypto';
import type {Subtrees} from './constraints.js';
import {canonicalAddress} from './names.js';
import {childrenOf, readElements} from './read-der.js';

/** The tags of these names in a GeneralName (RFC 5280 section 4.2.1.6). */
const dnsName = 0x82;
const ipAddress = 0x87;
/** The tags of a certificate's extensions, and of the permitted subtrees in this one. */
const extensionsTag = 0xa3;
const permittedTag = 0xa0;
const nameConstraints = Buffer.from('551d1e', 'hex');

/**
 * Reads what a CA may vouch for from its name constraints (RFC 5280 section 4.2.1.10).
 *
 * @param certificate one that `createAuthority` made
 * @throws TypeError when it has none, which would permit everything, or others than Sealport writes
 */
export function readConstraints(certificate: X509Certificate): Subtrees {
	const [whole] = readElements(certificate.raw);
	const [body] = childrenOf(whole);
	const extensions = childrenOf(body)
		.filter(({tag}) => tag === extensionsTag)
		.flatMap(childrenOf)
		.flatMap(childrenOf);
	const found = extensions.find(extension =>
		childrenOf(extension)[0]?.content.equals(nameConstraints),
	);
	const [, critical, value] = childrenOf(found);
	if (critical?.content[0] !== 0xff || value === undefined) {
		throw new TypeError('the certificate has no critical name constraints');
	}
	const [subtrees] = readElements(value.content);
	const [permitted, ...excluded] = childrenOf(subtrees);
	const bases = childrenOf(permitted).map(subtree => childrenOf(subtree)[0]);
	const ofKind = (kind: number) => bases.flatMap(base => (base?.tag === kind ? base.content : []));
	const [dns, ip] = [ofKind(dnsName), ofKind(ipAddress)];
	const isFamiliar = dns.length + ip.length === bases.length;
	if (permitted?.tag !== permittedTag || excluded.length > 0 || !isFamiliar) {
		throw new TypeError('the name constraints are not of the kind that Sealport writes');
	}
	return {dns: dns.map(bytes => bytes.toString('latin1')), ip: ip.map(network)};
}

/** Address and mask, as `networkBytes` wrote them, as `address/prefix length`. */
function network(bytes: Buffer): string {
	const half = bytes.length / 2;
	const address = bytes.subarray(0, half);
	const length = [...bytes.subarray(half)].reduce((sum, byte) => sum + ones(byte), 0);
	const words = address.toString('hex').match(/.{4}/g) ?? [];
	const text = half === 4 ? [...address].join('.') : canonicalAddress(words.join(':'));
	return `${text}/${length}`;
}

function ones(byte: number): number {
	return byte === 0 ? 0 : (byte & 1) + ones(byte >> 1);
}
