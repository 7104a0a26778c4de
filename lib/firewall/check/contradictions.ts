import {
	everything,
	intersect,
	loopback,
	network,
	type Range,
	rangesText,
	subtract,
} from '../networks.js';
import type {Guarded} from '../policy.js';
import type {Flow} from './flow.js';
import {flowsOf, type Interfaces} from './flows.js';
import type {Chain, Rule} from './ruleset.js';
import {type Stop, walk} from './walk.js';

/** A rule in force that goes against the policy. */
export interface Contradiction {
	/** Whether it surely does; if not, something of it is not understood or not known. */
	readonly isCertain: boolean;
	readonly kind: Stop['kind'] | 'led here';
	readonly port: number;
	readonly family: 4 | 6;
	/** Whom it concerns, such as `clients at 172.17.0.0/16`. */
	readonly who: string;
	/** Their addresses, where they are not on this machine. */
	readonly clients: readonly Range[] | undefined;
	readonly chain: Chain;
	/** `undefined` for the chain's policy. */
	readonly rule: Rule | undefined;
}

/** Finds what rules in force stop or lead elsewhere of what the policy lets in. */
export function contradictions(
	guarded: Guarded,
	chains: readonly Chain[],
	interfaces: Interfaces,
): readonly Contradiction[] {
	// What claims to come from this machine's own address does not come from beyond it.
	const own = Object.values(interfaces).flatMap(all =>
		(all ?? []).map(each => network(each.address)),
	);
	const stopped = flowsOf(guarded, interfaces).flatMap(flow => {
		const {stops, through} = walk(chains, flow);
		return stops
			.filter(({clients}) => flow.path === 'here' || subtract(clients, own).length > 0)
			.map(stop => judge(stop, flow, through));
	});
	return unique([...stopped, ...ledHere(guarded, chains)]);
}

function judge(stop: Stop, flow: Flow, through: readonly Range[]): Contradiction {
	const {kind, chain, rule, isCertain} = stop;
	const sure = isCertain ? stop.clients : kind === 'unknown' ? [] : subtract(stop.clients, through);
	const isWhole = subtract(flow.clients, sure).length === 0;
	const isSure = sure.length > 0 && (isWhole || !flow.isVague);
	const clients = isSure ? sure : stop.clients;
	return {
		...{kind, chain, rule, clients: flow.path === 'here' ? undefined : clients},
		isCertain: isSure,
		port: flow.port,
		family: flow.family,
		who: flow.path === 'here' ? flow.who : `${flow.who} ${placesText(clients, flow.family)}`,
	};
}

function placesText(clients: readonly Range[], family: 4 | 6): string {
	const isAnywhere = subtract([everything(family)], [...clients, ...loopback]).length === 0;
	return isAnywhere ? `any IPv${family} address` : rangesText(clients);
}

/** What leads other ports here: nothing beyond this machine was to come here. */
function ledHere({port, exposed}: Guarded, chains: readonly Chain[]): readonly Contradiction[] {
	return exposed
		? []
		: chains.flatMap(chain =>
				chain.rules.flatMap((rule): readonly Contradiction[] => {
					const {action, tests} = rule;
					const isOwn = tests.some(
						test =>
							test.on === 'destination-port' &&
							!test.isNot &&
							test.spans.every(({first, last}) => first === port && last === port),
					);
					const family = chain.family === 'ip6' ? 6 : 4;
					const known = {kind: 'led here', port, family, chain, rule, clients: undefined} as const;
					return action.kind === 'redirect' && action.port === port && !isOwn
						? [{...known, isCertain: false, who: 'clients beyond this machine'}]
						: [];
				}),
			);
}

/** Each once, certain ones first; what only may be is left out where the same is certain. */
function unique(found: readonly Contradiction[]): readonly Contradiction[] {
	const sorted = [...found].sort((one, other) => Number(other.isCertain) - Number(one.isCertain));
	return sorted.filter(
		(each, index) =>
			!sorted
				.slice(0, index)
				.some(
					other =>
						other.rule === each.rule &&
						other.chain === each.chain &&
						other.kind === each.kind &&
						(other.who === each.who || covers(other, each)),
				),
	);
}

function covers({clients: all = []}: Contradiction, {clients = []}: Contradiction): boolean {
	return clients.length > 0 && subtract(clients, intersect(all, clients)).length === 0;
}
