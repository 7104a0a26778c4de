import {intersect, loopback, type Network, network} from './networks.js';
import type {Condition, Guarded} from './policy.js';

/**
 * What becomes of a packet. `leave`: Sealport itself decides, so other rules of the firewall may do as they
 * like; `accept`: the policy lets it in; `refuse`: it does not.
 */
export type Verdict = 'accept' | 'leave' | 'refuse';

/** The first step that applies decides. */
export interface Step {
	readonly verdict: Verdict;
	/** Applies to these users' sockets only. */
	readonly uids: readonly number[] | undefined;
	/** Applies to clients with these addresses only. */
	readonly networks: readonly Network[] | undefined;
	/** Why, for people; raw. */
	readonly reason: string;
}

/** What a firewall is to do for one port. The last step of a list applies to everybody. */
export interface Guard {
	readonly port: number;
	/** Only what is sent to this address; `undefined` for every address. */
	readonly address: Network | undefined;
	readonly families: ReadonlyArray<4 | 6>;
	/** For connections from beyond loopback. */
	readonly beyond: readonly Step[];
	/** For connections of programs on this machine; `undefined` where no user is told from another. */
	readonly here: readonly Step[] | undefined;
	/** What the firewall leaves to Sealport, for people; raw. */
	readonly remarks: readonly string[];
}

/** What is listened on. */
export interface Place {
	/** `undefined` for every address, or those of loopback. */
	readonly address: Network | undefined;
	readonly families: ReadonlyArray<4 | 6>;
	/** Whether it is an address of loopback. */
	readonly isHere: boolean;
}

/** @param host `loopback`, `any`, or an IP address */
export function placeOf(host: string): Place {
	if (['loopback', 'any', '::'].includes(host)) {
		return {address: undefined, families: [4, 6], isHere: host === 'loopback'};
	}
	const address = network(host);
	const isHere = intersect(loopback, [address]).length > 0;
	const isWide = isHere || host === '0.0.0.0';
	return {address: isWide ? undefined : address, families: [address.family], isHere};
}

/**
 * Compiles who may connect into steps of a firewall. Whoever is let in by the policy is let in by these; who is
 * refused by it is refused by these as far as a firewall can tell.
 */
export function guardOf(guarded: Guarded): Guard {
	const {port, host, exposed, deny, allow, further} = guarded;
	const {address, families, isHere} = placeOf(host);
	const rules = [...deny, ...allow];
	const namesUsers = rules.some(
		rule => rule.uids !== undefined && (isAllow(rule) || isWhole(rule)),
	);
	const unfit = deny.filter(rule => !isWhole(rule));
	return {
		port,
		address,
		families,
		beyond: exposed && !isHere ? stepsBeyond(guarded) : [refuse('nobody beyond this machine')],
		here: namesUsers ? stepsHere(guarded) : undefined,
		remarks: [
			...unfit.map(
				rule => `deny ${rule.text}: checked by Sealport itself (${rule.beyond.join(', ')})`,
			),
			...allow
				.filter(rule => !isWhole(rule))
				.map(rule => `allow ${rule.text}: ${rule.beyond.join(', ')} is checked by Sealport itself`),
			...further.map(each => `${each}: checked by Sealport itself`),
		],
	};

	function isAllow(rule: Condition): boolean {
		return allow.includes(rule);
	}
}

/** Whether a firewall can test all of it. */
export function isWhole({beyond}: Condition): boolean {
	return beyond.length === 0;
}

function refuse(reason: string): Step {
	return {verdict: 'refuse', uids: undefined, networks: undefined, reason};
}

/** Who owns the socket of a client that is not on this network stack is not known to a firewall. */
function stepsBeyond({allow, deny}: Guarded): readonly Step[] {
	const denied = deny
		.filter(rule => isWhole(rule) && rule.uids === undefined)
		.map((rule): Step => ({...refuse(`deny ${rule.text}`), networks: rule.networks}));
	const allowed = allow.map(
		(rule): Step => ({
			verdict: isWhole(rule) && rule.uids === undefined ? 'accept' : 'leave',
			uids: undefined,
			networks: rule.networks,
			reason: `allow ${rule.text}`,
		}),
	);
	return upToWhole([...denied, ...inOrder(allowed), lastOf(allow)]);
}

/** On this machine nothing has to be let through that other rules stop: so nothing is accepted for good. */
function stepsHere({allow, deny}: Guarded): readonly Step[] {
	const denied = deny
		.filter(isWhole)
		.map(({uids, networks, text}): Step => ({...refuse(`deny ${text}`), uids, networks}));
	const allowed = allow.map(({uids, networks, text}): Step => {
		return {verdict: 'leave', uids, networks, reason: `allow ${text}`};
	});
	const last = lastOf(allow);
	return upToWhole([
		...denied,
		...allowed,
		last.verdict === 'accept' ? {...last, verdict: 'leave'} : last,
	]);
}

function lastOf(allow: readonly Condition[]): Step {
	return allow.length > 0
		? refuse('everybody else')
		: {verdict: 'accept', uids: undefined, networks: undefined, reason: 'everybody else'};
}

/** What is let in for good goes before what other rules may stop. */
function inOrder(steps: readonly Step[]): readonly Step[] {
	return [
		...steps.filter(({verdict}) => verdict === 'accept'),
		...steps.filter(({verdict}) => verdict !== 'accept'),
	];
}

/** Without what comes behind a step that applies to everybody. */
function upToWhole(steps: readonly Step[]): readonly Step[] {
	const whole = steps.findIndex(({uids, networks}) => uids === undefined && networks === undefined);
	return steps.slice(0, whole + 1);
}

/** The tests of a step one by one: each is one rule of a firewall. None of a family it has nothing for. */
export function testsOf(
	{uids, networks}: Step,
	families: ReadonlyArray<4 | 6> = [4, 6],
): ReadonlyArray<{readonly uid?: number; readonly network?: Network}> {
	const users = uids?.map(uid => ({uid})) ?? [{}];
	const places = networks
		?.filter(({family}) => families.includes(family))
		.map(network => ({network})) ?? [{}];
	return users.flatMap(user => places.map(place => ({...user, ...place})));
}
