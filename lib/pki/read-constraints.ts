import type {X509Certificate} from 'node:crypto';
import type {Subtrees} from './constraints.js';
import type {Der, DerNode} from './der.js';
import {canonicalAddress} from './names.js';

/** The tags of these names in a GeneralName (RFC 5280 section 4.2.1.6). */
const dnsName = 2;
const ipAddress = 7;
const nameConstraints = Buffer.from('551d1e', 'hex').toString('latin1');

/**
 * Reads what a CA may vouch for from its name constraints (RFC 5280 section 4.2.1.10).
 *
 * @param certificate one that `createAuthority` made
 * @throws TypeError when it has none, which would permit everything, or others than Sealport writes
 */
export function readConstraints(der: Der, certificate: X509Certificate): Subtrees {
	const [body] = children(der.decode(certificate.raw));
	const extensions = children(body)
		.filter(({tagClass, type}) => tagClass === 0x80 && Number(type) === 3)
		.flatMap(children)
		.flatMap(children);
	const found = extensions.find(extension => children(extension)[0]?.value === nameConstraints);
	const [, critical, {value} = {value: undefined}] = children(found);
	if (critical?.value !== '\u00ff' || typeof value !== 'string') {
		throw new TypeError('the certificate has no critical name constraints');
	}
	const [permitted, ...excluded] = children(der.decode(Buffer.from(value, 'latin1')));
	const bases = children(permitted).map(subtree => {
		const [base] = children(subtree);
		return {kind: Number(base?.type), bytes: Buffer.from(String(base?.value), 'latin1')};
	});
	const isFamiliar = bases.every(({kind}) => kind === dnsName || kind === ipAddress);
	if (Number(permitted?.type) !== 0 || excluded.length > 0 || !isFamiliar) {
		throw new TypeError('the name constraints are not of the kind that Sealport writes');
	}
	return {
		dns: bases.filter(({kind}) => kind === dnsName).map(({bytes}) => bytes.toString('latin1')),
		ip: bases.filter(({kind}) => kind === ipAddress).map(({bytes}) => network(bytes)),
	};
}

function children(node: DerNode | undefined): readonly DerNode[] {
	return Array.isArray(node?.value) ? node.value : [];
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
