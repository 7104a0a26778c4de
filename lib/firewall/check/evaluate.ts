import {intersect, network, type Range, subtract} from '../networks.js';
import type {Case, Flow} from './flow.js';
import type {Hook, NameTest, Span, Test} from './ruleset.js';

/** Whether a condition holds: for these clients and no others, or nobody knows. */
type Answer = readonly Range[] | 'all' | 'none' | 'unknown';

/** Splits clients into those to whom all conditions may apply, and those to whom one may not. */
export function split(
	tests: readonly Test[],
	{clients, isCertain}: Case,
	flow: Flow,
	hook: Hook,
): {readonly hits: readonly Case[]; readonly misses: readonly Case[]} {
	let hit = clients;
	let isKnown = true;
	for (const test of tests) {
		const answer = ask(test, flow, hook);
		if (answer === 'none') {
			hit = [];
		} else if (answer === 'unknown') {
			isKnown = false;
		} else if (answer !== 'all') {
			hit = intersect(hit, answer);
		}
	}
	const missed = subtract(clients, hit);
	return {
		hits: some(hit, isCertain && isKnown),
		misses: [...some(missed, isCertain), ...(isKnown ? [] : some(hit, false))],
	};
}

function some(clients: readonly Range[], isCertain: boolean): readonly Case[] {
	return clients.length === 0 ? [] : [{clients, isCertain}];
}

function ask(test: Test, flow: Flow, hook: Hook): Answer {
	switch (test.on) {
		case 'never':
			return 'none';
		case 'unknown':
			return 'unknown';
		case 'source':
		case 'destination': {
			if (test.family !== flow.family) {
				return 'none';
			}
			const {ranges} = test;
			if (ranges === undefined) {
				return 'unknown';
			}
			const isClient = (test.on === 'source') === (flow.path !== 'reply');
			if (isClient) {
				return test.isNot ? subtract(flow.clients, ranges) : ranges;
			}
			const own = flow.addresses.map(network);
			const inside = own.filter(each => subtract([each], ranges).length === 0);
			return ofSome(inside.length, own.length, test.isNot);
		}
		case 'source-port':
		case 'destination-port': {
			const isOwn = (test.on === 'destination-port') === (flow.path !== 'reply');
			return isOwn ? yesOrNo(contains(test.spans, flow.port) !== test.isNot) : 'unknown';
		}
		case 'uid':
			// Elsewhere than on its way out a packet has a user only by chance.
			return flow.path === 'beyond'
				? 'none'
				: flow.path === 'here' && hook === 'output' && flow.uid !== undefined
					? yesOrNo(contains(test.spans, flow.uid) !== test.isNot)
					: 'unknown';
		case 'tcp-flags': {
			const flags = flow.path === 'reply' ? ['syn', 'ack'] : [flow.isFirst ? 'syn' : 'ack'];
			const masked = flags.filter(flag => test.mask.includes(flag));
			const isSame =
				masked.length === test.set.length && masked.every(flag => test.set.includes(flag));
			return yesOrNo(isSame !== test.isNot);
		}
		case 'protocol':
			return named(test, 'tcp');
		case 'version':
			return named(test, flow.family === 4 ? 'ipv4' : 'ipv6');
		case 'state':
			return named(test, flow.isFirst ? 'new' : 'established');
		case 'destination-type':
			return flow.path === 'reply' ? 'unknown' : named(test, 'local');
		case 'in':
		case 'out':
			return deviceAnswer(test, flow, hook);
	}
}

function deviceAnswer(test: NameTest, {path, device}: Flow, hook: Hook): Answer {
	const isOutward = hook === 'output' || hook === 'postrouting';
	if ((test.on === 'out') !== isOutward) {
		return 'none';
	}
	const name = path === 'here' ? 'lo' : device;
	if (name !== undefined) {
		return yesOrNo(test.names.some(each => matchesDevice(each, name)) !== test.isNot);
	}
	if (test.names.every(each => each === 'lo')) {
		return yesOrNo(test.isNot);
	}
	return test.names.includes('*') ? yesOrNo(!test.isNot) : 'unknown';
}

function matchesDevice(pattern: string, name: string): boolean {
	return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function named({names, isNot}: NameTest, name: string): Answer {
	return yesOrNo(names.includes(name) !== isNot);
}

function contains(spans: readonly Span[], number: number): boolean {
	return spans.some(({first, last}) => first <= number && number <= last);
}

function yesOrNo(holds: boolean): Answer {
	return holds ? 'all' : 'none';
}

function ofSome(inside: number, all: number, isNot: boolean): Answer {
	return all === 0 || (inside > 0 && inside < all) ? 'unknown' : yesOrNo(inside > 0 !== isNot);
}
