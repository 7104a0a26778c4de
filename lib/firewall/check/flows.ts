import type {NetworkInterfaceInfo} from 'node:os';
import {isWhole, placeOf} from '../guard.js';
import {
	everything,
	intersect,
	loopback,
	network,
	parseNetwork,
	type Range,
	subtract,
} from '../networks.js';
import type {Condition, Guarded} from '../policy.js';
import type {Flow} from './flow.js';

/** The interfaces of this machine, as `os.networkInterfaces()` has them. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const everybody: Condition = {text: '', uids: undefined, networks: undefined, beyond: []};

/** The packets that a policy lets in: of each rule, family, user and interface. */
export function flowsOf(guarded: Guarded, interfaces: Interfaces): readonly Flow[] {
	const {host, allow, deny} = guarded;
	const devices = Object.entries(interfaces).flatMap(([name, all = []]) =>
		all.flatMap(({address, cidr}) => {
			const found = parseNetwork(cidr ?? '');
			return found === undefined ? [] : [{name, address, network: found}];
		}),
	);
	const hasFamily = (family: 4 | 6) => devices.some(each => each.network.family === family);
	const denied = deny.filter(rule => isWhole(rule) && rule.uids === undefined);
	const place = placeOf(host);
	return place.families.filter(hasFamily).flatMap(family =>
		(allow.length === 0 ? [everybody] : allow).flatMap(rule => {
			const places: readonly Range[] = rule.networks ?? [everything(family)];
			const clients = subtract(
				places.filter(each => each.family === family),
				denied.flatMap(({networks}): readonly Range[] => networks ?? [everything(family)]),
			);
			return [
				...flowsHere(guarded, rule, family, clients),
				...(guarded.exposed && !place.isHere && rule.uids === undefined
					? flowsBeyond(guarded, rule, family, subtract(clients, loopback), devices)
					: []),
			];
		}),
	);
}

function flowsHere(
	{host, port, deny}: Guarded,
	{uids, beyond}: Condition,
	family: 4 | 6,
	clients: readonly Range[],
): readonly Flow[] {
	const isAny = ['loopback', 'any', '::', '0.0.0.0'].includes(host);
	const own = isAny ? (family === 4 ? '127.0.0.1' : '::1') : host;
	const others = deny.filter(isWhole).flatMap(rule => rule.uids ?? []);
	const named = uids?.filter(uid => !others.includes(uid)) ?? [undefined];
	const known = {path: 'here', family, port, device: undefined, addresses: [own]} as const;
	return intersect([network(own)], clients).length === 0
		? []
		: named.flatMap(uid =>
				[true, false].map(isFirst => ({
					...{...known, uid, isFirst, clients: [network(own)]},
					who: uid === undefined ? 'programs on this machine' : `programs of user ${uid}`,
					isVague: beyond.length > 0 && uid === undefined,
				})),
			);
}

function flowsBeyond(
	{host, port}: Guarded,
	{beyond}: Condition,
	family: 4 | 6,
	clients: readonly Range[],
	devices: ReadonlyArray<{
		readonly name: string;
		readonly address: string;
		readonly network: Range;
	}>,
): readonly Flow[] {
	const near = devices.filter(each => each.name !== 'lo' && each.network.family === family);
	const {address} = placeOf(host);
	const addresses = (own: readonly string[]) => (address === undefined ? own : [address.text]);
	const far = subtract(
		clients,
		near.map(each => each.network),
	);
	const parts = [
		...near.map(each => ({
			device: each.name,
			clients: intersect(clients, [each.network]),
			addresses: addresses([each.address]),
		})),
		{device: undefined, clients: far, addresses: addresses(near.map(each => each.address))},
	].filter(part => part.clients.length > 0);
	const known = {family, port, uid: undefined, isVague: beyond.length > 0};
	return parts.flatMap(part => [
		{...known, ...part, path: 'beyond', isFirst: true, who: 'clients at'},
		{...known, ...part, path: 'beyond', isFirst: false, who: 'clients at'},
		{...known, ...part, path: 'reply', isFirst: false, who: 'answers to clients at'},
	]);
}
