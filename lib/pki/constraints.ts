import {UserError} from '../errors.js';
import {addressBytes, type Name, parseName} from './names.js';

/** What a name-constrained CA may vouch for (RFC 5280 section 4.2.1.10). */
export interface Subtrees {
	/** Each permits the name itself and everything below it. */
	readonly dns: readonly string[];
	/** Networks as `address/prefix length`. */
	readonly ip: readonly string[];
}

/**
 * The names and addresses that never belong to somebody on the public internet: reserved top-level
 * domains (RFC 6761, RFC 6762, RFC 8375, and `internal` by ICANN's resolution of 2024), Docker's name
 * for its host, and loopback, private and link-local addresses (RFC 1122, 1918, 3927, 4193, 4291).
 */
export const permitted: Subtrees = {
	dns: ['localhost', 'test', 'internal', 'home.arpa', 'local', 'host.docker.internal'],
	ip: [
		'127.0.0.0/8',
		'10.0.0.0/8',
		'172.16.0.0/12',
		'192.168.0.0/16',
		'169.254.0.0/16',
		'::1/128',
		'fc00::/7',
		'fe80::/10',
	],
};

/**
 * The address and mask of a network, as a name constraint holds them: 4 and 4 bytes, or 16 and 16.
 *
 * @param network canonical address, slash, prefix length in bits
 */
export function networkBytes(network: string): {readonly base: Buffer; readonly mask: Buffer} {
	const [address = '', length = '0'] = network.split('/');
	const base = addressBytes(address);
	const mask = Buffer.alloc(base.length);
	for (let bit = 0; bit < Number(length); bit++) {
		mask[bit >> 3] = (mask[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
	}
	return {base, mask};
}

/**
 * Whether a CA with these constraints may vouch for a name.
 *
 * @param name a parsed name
 * @param subtrees `permitted` by default
 */
export function isWithin(name: Name, subtrees: Subtrees = permitted): boolean {
	if (name.kind === 'dns') {
		return subtrees.dns.some(base => name.text === base || name.text.endsWith(`.${base}`));
	}
	const bytes = addressBytes(name.text);
	return subtrees.ip.some(network => {
		const {base, mask} = networkBytes(network);
		return (
			base.length === bytes.length &&
			bytes.every((byte, index) => (byte & (mask[index] ?? 0)) === base[index])
		);
	});
}

/**
 * Reads a name and makes sure that the local authority may vouch for it, since clients refuse every
 * certificate beyond its constraints.
 *
 * @param text host name or IP address as a person writes it
 * @param subtrees `permitted` by default
 * @param hints `trust` is the command line that widens the constraints, `instead` the way out that is left
 * @throws UserError `name-outside-constraints`, or `option-invalid` for a text that is no name
 */
export function assertWithinConstraints(
	text: string,
	subtrees: Subtrees = permitted,
	hints: {readonly trust?: string; readonly instead?: string} = {},
): Name {
	const {trust = 'sealport trust', instead = 'bring your own certificate with --cert and --key'} =
		hints;
	const name = parseName(text);
	if (!isWithin(name, subtrees)) {
		throw new UserError(
			'name-outside-constraints',
			`name: the local authority may not vouch for ${JSON.stringify(name.text)}, since clients accept ` +
				`it for local names and private addresses only${domainsOf(subtrees)}`,
			{
				hint:
					name.kind === 'ip'
						? instead
						: `if the domain is yours, allow it with ${trust} --domain ${name.text}; otherwise use a ` +
							`name under .localhost or .test, or ${instead}`,
			},
		);
	}
	return name;
}

function domainsOf({dns}: Subtrees): string {
	const domains = dns.filter(name => !permitted.dns.includes(name));
	return domains.length === 0 ? '' : `, and for ${domains.join(', ')}`;
}
