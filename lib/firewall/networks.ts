import {isIP} from 'node:net';
import {addressBytes, canonicalAddress} from '../pki/names.js';

/** Addresses that lie side by side, both ends included. */
export interface Range {
	readonly family: 4 | 6;
	readonly first: bigint;
	readonly last: bigint;
}

/** A range that can be written as an address, or as an address and the length of its prefix. */
export interface Network extends Range {
	/** `172.17.0.2`, `fd00::/8`: written anew from the numbers, so nothing else can stand in it. */
	readonly text: string;
}

const bits = {4: 32n, 6: 128n} as const;
const mapped = 0xffffn << 32n;

/** All addresses of a family. */
export function everything(family: 4 | 6): Range {
	return {family, first: 0n, last: (1n << bits[family]) - 1n};
}

/** What a machine calls itself. */
export const loopback: readonly Network[] = [network('127.0.0.0/8'), network('::1')];

/**
 * Reads an address or a CIDR block. One that stands for IPv4 in IPv6 is read as IPv4, as packets have it.
 *
 * @returns `undefined` for what is neither
 */
export function parseNetwork(text: string): Network | undefined {
	const [, head = '', prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
	const address = canonicalAddress(head);
	if (address === undefined) {
		return undefined;
	}
	const family = isIP(address) === 4 ? 4 : 6;
	const number = BigInt(`0x${addressBytes(address).toString('hex')}`);
	const length = prefix === undefined ? bits[family] : BigInt(prefix);
	if (length > bits[family]) {
		return undefined;
	}
	return family === 6 && length >= 96n && number >> 32n === mapped >> 32n
		? block(4, number - mapped, length - 96n)
		: block(family, number, length);
}

/** The same for text that is known to be right. */
export function network(text: string): Network {
	const found = parseNetwork(text);
	if (found === undefined) {
		throw new TypeError(`not a network: ${JSON.stringify(text)}`);
	}
	return found;
}

function block(family: 4 | 6, number: bigint, length: bigint): Network {
	const free = bits[family] - length;
	const first = (number >> free) << free;
	const address = addressText(family, first);
	const text = free === 0n ? address : `${address}/${length}`;
	return {family, first, last: first + (1n << free) - 1n, text};
}

/** An address as text. */
export function addressText(family: 4 | 6, number: bigint): string {
	if (family === 4) {
		return [24n, 16n, 8n, 0n].map(shift => String((number >> shift) & 255n)).join('.');
	}
	const hex = number.toString(16).padStart(32, '0');
	return canonicalAddress(hex.replace(/.{4}(?=.)/g, '$&:')) ?? '';
}

/** An address, or first and last of a range with a dash between. */
export function rangeText({family, first, last}: Range): string {
	const texts = [...new Set([first, last])].map(each => addressText(family, each));
	return texts.join('-');
}

/** Ranges for people: as CIDR blocks where they are such, and not all of many. */
export function rangesText(ranges: readonly Range[]): string {
	const most = 4;
	const texts = ranges.map(range => {
		const {family, first, last} = range;
		const size = last - first + 1n;
		const isBlock = (size & (size - 1n)) === 0n && first % size === 0n;
		const length = bits[family] - BigInt(size.toString(2).length - 1);
		return isBlock ? block(family, first, length).text : rangeText(range);
	});
	const rest = texts.length - most;
	return `${texts.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** What two ranges have in common. */
export function common(one: Range, other: Range): readonly Range[] {
	// biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigint
	const first = one.first > other.first ? one.first : other.first;
	// biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
	const last = one.last < other.last ? one.last : other.last;
	return one.family === other.family && first <= last ? [{family: one.family, first, last}] : [];
}

/** What lies in some of these ranges and in some of those. */
export function intersect(these: readonly Range[], those: readonly Range[]): readonly Range[] {
	return these.flatMap(one => those.flatMap(other => common(one, other)));
}

/** These ranges without those. */
export function subtract(these: readonly Range[], those: readonly Range[]): readonly Range[] {
	return those.reduce<readonly Range[]>(
		(left, hole) => left.flatMap(range => without(range, hole)),
		these,
	);
}

function without(range: Range, hole: Range): readonly Range[] {
	if (common(range, hole).length === 0) {
		return [range];
	}
	const {family, first, last} = range;
	return [
		{family, first, last: hole.first - 1n},
		{family, first: hole.last + 1n, last},
	].filter(part => part.first <= part.last);
}
