import {BlockList, isIP, isIPv4, isIPv6} from 'node:net';
import {canonical} from '../../listener/holder/socket.js';
import {addressBytes} from '../../pki/names.js';

/** The addresses of a rule: one, or a network. */
export interface Addresses {
	/** As the rule has it. */
	readonly text: string;
	/** The network's first address, or the one address, in canonical form. */
	readonly network: string;
	/** How many leading bits are the network's: 32 or 128 for one address. */
	readonly prefix: number;
	readonly family: 'ipv4' | 'ipv6';
	/** Whether an address is among them; an IPv4 address in its IPv6 form counts as IPv4. */
	includes(address: string): boolean;
}

const digits = /^(0|[1-9]\d{0,2})$/;

/**
 * Reads an address or a network in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3). A network
 * of IPv4-mapped addresses is that of the IPv4 addresses.
 *
 * @returns the addresses, or what is wrong with the text, to follow the text itself
 */
export function parseAddresses(text: string): Addresses | {readonly wrong: string} {
	const [address = '', length, ...more] = text.split('/');
	if (isIP(address) === 0 || address.includes('%') || more.length > 0) {
		return {wrong: 'is neither an address nor a network, such as 172.17.0.0/16 or fd00::/8'};
	}
	const network = canonical(address);
	const bits = isIPv4(network) ? 32 : 128;
	if (length !== undefined && !digits.test(length)) {
		return {wrong: `has no number of bits from 0 to ${isIPv6(address) ? 128 : 32} after the slash`};
	}
	const mapped = isIPv6(address) && bits === 32 ? 96 : 0;
	const prefix = length === undefined ? bits : Number(length) - mapped;
	if (prefix < 0 || prefix > bits) {
		return {wrong: `has no number of bits from ${mapped} to ${mapped + bits} after the slash`};
	}
	const family = bits === 32 ? 'ipv4' : 'ipv6';
	const list = new BlockList();
	list.addSubnet(network, prefix, family);
	if (!isFirst(network, prefix, bits)) {
		return {wrong: `has bits set after the first ${length}, and is no network`};
	}
	return {
		text,
		network,
		prefix,
		family,
		// Asked by the family of the network: an address of the other one is none, and in no network.
		includes: each => list.check(canonical(each), family),
	};
}

/** Whether all bits of an address after the first ones are zero. */
function isFirst(address: string, prefix: number, bits: number): boolean {
	const number = BigInt(`0x${addressBytes(address).toString('hex')}`);
	return (number & ((1n << BigInt(bits - prefix)) - 1n)) === 0n;
}
