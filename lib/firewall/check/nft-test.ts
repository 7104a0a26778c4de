import {parseNetwork, type Range} from '../networks.js';
import {at, type Json, list, text} from './json.js';
import type {NameTest, Span, Test} from './ruleset.js';

const unknown: Test = {on: 'unknown'};

const metaFields: Readonly<Record<string, 'in' | 'out' | 'protocol' | 'version'>> = {
	iifname: 'in',
	iif: 'in',
	oifname: 'out',
	oif: 'out',
	l4proto: 'protocol',
	nfproto: 'version',
};

/** The values that a set of this name has; `undefined` for one that is not known or changes by itself. */
export type Sets = (name: string) => readonly Json[] | undefined;

/** A condition as `nft --json` writes it: `{op, left, right}`. */
export function nftTest(match: Json, sets: Sets): Test {
	const op = text(match, 'op');
	return condition(at(match, 'left'), op, at(match, 'right'), sets);
}

/** Whether what stands on the left is, or is not, one of the values on the right. */
export function condition(
	left: Json | undefined,
	op: string,
	right: Json | undefined,
	sets: Sets,
): Test {
	const values = valuesOf(right, sets);
	const isNot = op === '!=';
	if (values === undefined) {
		return addressTest(left, undefined, isNot) ?? unknown;
	}
	if (!['==', '!=', 'in', ''].includes(op)) {
		const bounds = values.length === 1 ? compared(op, values[0]) : undefined;
		return bounds === undefined ? unknown : numeric(left, [bounds], false);
	}
	const masked = list(at(left, '&'));
	if (masked.length === 2) {
		return flagTest(masked[0], flagsIn(masked[1]), flagsIn(right), isNot);
	}
	if (text(left, 'payload', 'field') === 'flags' && text(left, 'payload', 'protocol') === 'tcp') {
		const flags = flagsIn(right);
		// `==` asks for exactly these, and what has no operator of its own for any of them.
		const mask = op !== 'in' ? allFlags : flags?.length === 1 ? flags : undefined;
		return flagTest(left, mask, flags, isNot);
	}
	const key = text(left, 'meta', 'key');
	const field = metaFields[key];
	if (field !== undefined) {
		return names(field, values, isNot);
	}
	if (key === 'skuid') {
		return numeric(left, spansOf(values), isNot);
	}
	if (text(left, 'ct', 'key') === 'state') {
		return names('state', values, isNot);
	}
	if (text(left, 'fib', 'result') === 'type' && list(at(left, 'fib', 'flags')).join() === 'daddr') {
		return names('destination-type', values, isNot);
	}
	return payloadTest(left, values, isNot);
}

function payloadTest(left: Json | undefined, values: readonly Json[], isNot: boolean): Test {
	const protocol = text(left, 'payload', 'protocol');
	const field = text(left, 'payload', 'field');
	if ((protocol === 'ip' && field === 'protocol') || (protocol === 'ip6' && field === 'nexthdr')) {
		return names('protocol', values, isNot);
	}
	const ofAddresses = addressTest(left, values, isNot);
	if (ofAddresses !== undefined) {
		return ofAddresses;
	}
	if (['udp', 'udplite', 'sctp', 'dccp', 'icmp', 'icmpv6', 'igmp'].includes(protocol)) {
		return {on: 'never'};
	}
	return numeric(left, spansOf(values), isNot);
}

function addressTest(
	left: Json | undefined,
	values: readonly Json[] | undefined,
	isNot: boolean,
): Test | undefined {
	const protocol = text(left, 'payload', 'protocol');
	const field = text(left, 'payload', 'field');
	if (!['ip', 'ip6'].includes(protocol) || !['saddr', 'daddr'].includes(field)) {
		return undefined;
	}
	const ranges = values?.flatMap(value => rangeOf(value) ?? []);
	return {
		on: field === 'saddr' ? 'source' : 'destination',
		family: protocol === 'ip' ? 4 : 6,
		ranges: ranges?.length === values?.length ? ranges : undefined,
		isNot,
	};
}

function numeric(
	left: Json | undefined,
	spans: ReadonlyArray<Span | undefined>,
	isNot: boolean,
): Test {
	const isPort = ['tcp', 'th'].includes(text(left, 'payload', 'protocol'));
	const fields = {sport: 'source-port', dport: 'destination-port'} as const;
	const field = text(left, 'payload', 'field');
	const on =
		text(left, 'meta', 'key') === 'skuid'
			? 'uid'
			: isPort && (field === 'sport' || field === 'dport')
				? fields[field]
				: undefined;
	return on === undefined || spans.some(span => span === undefined)
		? unknown
		: {on, spans: spans.flatMap(span => span ?? []), isNot};
}

function compared(op: string, value: Json | undefined): Span | undefined {
	if (typeof value !== 'number') {
		return undefined;
	}
	const most = 2 ** 32;
	const spans: Readonly<Record<string, Span>> = {
		'<': {first: 0, last: value - 1},
		'<=': {first: 0, last: value},
		'>': {first: value + 1, last: most},
		'>=': {first: value, last: most},
	};
	return spans[op];
}

function names(on: NameTest['on'], values: readonly Json[], isNot: boolean): Test {
	const texts = values.filter(value => typeof value === 'string');
	return texts.length === values.length ? {on, names: texts, isNot} : unknown;
}

const allFlags = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ecn', 'cwr'];

function flagTest(
	left: Json | undefined,
	mask: readonly string[] | undefined,
	set: readonly string[] | undefined,
	isNot: boolean,
): Test {
	const isTcp = text(left, 'payload', 'protocol') === 'tcp';
	return isTcp && text(left, 'payload', 'field') === 'flags' && mask && set
		? {on: 'tcp-flags', mask, set, isNot}
		: unknown;
}

function flagsIn(json: Json | undefined): readonly string[] | undefined {
	const parts = at(json, '|') === undefined ? list(json) : list(at(json, '|'));
	const flags = parts.filter(part => typeof part === 'string');
	return flags.length === parts.length ? flags : undefined;
}

/** The values on the right, those of sets included. */
function valuesOf(right: Json | undefined, sets: Sets): readonly Json[] | undefined {
	if (typeof right === 'string' && right.startsWith('@')) {
		return sets(right.slice(1));
	}
	const members = at(right, 'set') === undefined ? list(right) : list(at(right, 'set'));
	return members.map(member => at(member, 'elem', 'val') ?? member);
}

function rangeOf(value: Json): Range | undefined {
	if (typeof value === 'string') {
		return parseNetwork(value);
	}
	const length = at(value, 'prefix', 'len');
	if (typeof length === 'number') {
		return parseNetwork(`${text(value, 'prefix', 'addr')}/${length}`);
	}
	const [from, to] = list(at(value, 'range')).map(end =>
		typeof end === 'string' ? parseNetwork(end) : undefined,
	);
	return from && to ? {family: from.family, first: from.first, last: to.last} : undefined;
}

function spansOf(values: readonly Json[]): ReadonlyArray<Span | undefined> {
	return values.map(value => {
		const [first, last = first] =
			at(value, 'range') === undefined ? [value] : list(at(value, 'range'));
		return typeof first === 'number' && typeof last === 'number' ? {first, last} : undefined;
	});
}
