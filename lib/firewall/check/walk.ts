import {type Range, subtract} from '../networks.js';
import {split} from './evaluate.js';
import type {Case, Flow} from './flow.js';
import type {Action, Chain, Hook, Rule} from './ruleset.js';

/** Where clients are stopped, or led elsewhere. */
export interface Stop {
	readonly kind: 'drop' | 'reject' | 'redirect' | 'unknown';
	readonly clients: readonly Range[];
	readonly isCertain: boolean;
	readonly chain: Chain;
	/** `undefined` for the chain's policy. */
	readonly rule: Rule | undefined;
}

/** What becomes of a flow. */
export interface Fate {
	/** Those that may get through. */
	readonly through: readonly Range[];
	readonly stops: readonly Stop[];
}

const paths: Readonly<Record<Flow['path'], readonly Hook[]>> = {
	beyond: ['ingress', 'prerouting', 'input'],
	here: ['output', 'postrouting', 'prerouting', 'input'],
	reply: ['output', 'postrouting'],
};

/** The kernel allows no more jumps within each other. */
const deepest = 16;

/** Follows a flow through all chains in their order. */
export function walk(chains: readonly Chain[], flow: Flow): Fate {
	let cases: readonly Case[] = [{clients: flow.clients, isCertain: true}];
	const stops: Stop[] = [];
	for (const hook of paths[flow.path]) {
		for (const chain of inOrder(chains, hook, flow)) {
			// Older versions of nft do not say which devices a chain at ingress is for.
			const isSure = hook !== 'ingress' || (chain.base?.devices.length ?? 0) > 0;
			const start = isSure ? cases : cases.map(unsure);
			const {accepted, returned} = follow(chain, start, chains, flow, hook, stops, 0);
			const isDrop = chain.base?.policy === 'drop';
			for (const each of isDrop ? returned : []) {
				stops.push({...each, kind: 'drop', chain, rule: undefined});
			}
			cases = merge([...accepted, ...(isDrop ? [] : returned), ...(isSure ? [] : start)]);
		}
	}
	return {through: cases.flatMap(({clients}) => clients), stops};
}

function unsure(each: Case): Case {
	return {...each, isCertain: false};
}

function inOrder(chains: readonly Chain[], hook: Hook, flow: Flow): Chain[] {
	const {family, path, device, isFirst} = flow;
	const families = ['inet', 'netdev', family === 4 ? 'ip' : 'ip6'];
	return chains
		.filter(
			({base, family: own}) =>
				base?.hook === hook &&
				families.includes(own) &&
				(device === undefined || base.devices.length === 0 || base.devices.includes(device)) &&
				// Addresses are translated once, by the first packet, on its way out.
				!(base.type === 'nat' && (!isFirst || (path === 'here' && hook === 'prerouting'))),
		)
		.sort((one, other) => (one.base?.priority ?? 0) - (other.base?.priority ?? 0));
}

function follow(
	chain: Chain,
	start: readonly Case[],
	chains: readonly Chain[],
	flow: Flow,
	hook: Hook,
	stops: Stop[],
	depth: number,
): {readonly accepted: readonly Case[]; readonly returned: readonly Case[]} {
	const accepted: Case[] = [];
	const returned: Case[] = [];
	let cases = start;
	for (const rule of depth > deepest ? [] : chain.rules) {
		const next: Case[] = [];
		for (const each of cases) {
			const {hits, misses} = split(rule.tests, each, flow, hook);
			next.push(...misses);
			for (const hit of hits) {
				take(rule, hit, next);
			}
		}
		cases = merge(next);
	}
	return {accepted, returned: [...returned, ...cases]};

	function take(rule: Rule, hit: Case, next: Case[]): void {
		const {action} = rule;
		switch (action.kind) {
			case 'accept':
				accepted.push(hit);
				break;
			case 'return':
				returned.push(hit);
				break;
			case 'continue':
				next.push(hit);
				break;
			case 'drop':
			case 'reject':
				stops.push({...hit, kind: action.kind, chain, rule});
				break;
			case 'unknown':
				stops.push({...hit, isCertain: false, kind: 'unknown', chain, rule});
				next.push({...hit, isCertain: false});
				break;
			case 'redirect':
				if (leadsHere(action, flow)) {
					accepted.push(hit);
				} else {
					stops.push({...hit, kind: 'redirect', chain, rule});
				}
				break;
			case 'jump':
			case 'goto': {
				const to = chains.find(({name, scope}) => name === action.chain && scope === chain.scope);
				const end = to && follow(to, [hit], chains, flow, hook, stops, depth + 1);
				accepted.push(...(end?.accepted ?? []));
				(action.kind === 'jump' ? next : returned).push(...(end?.returned ?? [hit]));
			}
		}
	}
}

function leadsHere(
	{address, port}: Extract<Action, {readonly kind: 'redirect'}>,
	flow: Flow,
): boolean {
	const isSamePort = port === undefined || port === flow.port;
	return isSamePort && (address === undefined || flow.addresses.includes(address));
}

/** One case for what is certain, and one for what is not: or there would be more with every rule. */
function merge(cases: readonly Case[]): readonly Case[] {
	const sure = cases.filter(({isCertain}) => isCertain).flatMap(({clients}) => clients);
	const others: Range[] = [];
	for (const {clients} of cases.filter(({isCertain}) => !isCertain)) {
		others.push(...subtract(clients, [...others, ...sure]));
	}
	return [
		...(sure.length === 0 ? [] : [{clients: sure, isCertain: true}]),
		...(others.length === 0 ? [] : [{clients: others, isCertain: false}]),
	];
}
