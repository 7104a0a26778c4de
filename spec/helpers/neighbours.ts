import {execFileSync} from 'node:child_process';
import {noOwnNetwork, type OwnNetwork, ownNetwork} from './own-network.js';
import type {Owner} from './owner.js';

/** Why two networks cannot be joined here, or `false`. */
export const noNeighbours: string | false =
	noOwnNetwork || (process.getuid?.() === 0 ? false : 'only root joins networks');

/** Two machines on one wire, each with two addresses of each family. */
export interface Neighbours {
	readonly machine: OwnNetwork;
	readonly neighbour: OwnNetwork;
	/** Of the machine, on the wire. */
	readonly address: string;
	readonly address6: string;
	/** Of the neighbour. */
	readonly from: readonly [string, string];
	readonly from6: readonly [string, string];
}

/** Makes two networks of the test's own, joined as a machine and its container are. They go away with the test. */
export async function neighbours(t: Owner): Promise<Neighbours> {
	const machine = await ownNetwork(t);
	const neighbour = await ownNetwork(t);
	const [, pid = ''] = /\/proc\/(\d+)\//.exec(neighbour.enter.join(' ')) ?? [];
	const ip = ({enter}: OwnNetwork, line: string) =>
		execFileSync('nsenter', [...enter, 'ip', ...line.split(' ')]);
	ip(machine, `link add wire0 type veth peer name wire1 netns ${pid}`);
	for (const [network, device, number] of [
		[machine, 'wire0', [1]],
		[neighbour, 'wire1', [2, 3]],
	] as const) {
		for (const last of number) {
			ip(network, `address add 172.31.7.${last}/24 dev ${device}`);
			ip(network, `address add fd00:7::${last}/64 dev ${device} nodad`);
		}
		ip(network, `link set ${device} up`);
	}
	return {
		machine,
		neighbour,
		address: '172.31.7.1',
		address6: 'fd00:7::1',
		from: ['172.31.7.2', '172.31.7.3'],
		from6: ['fd00:7::2', 'fd00:7::3'],
	};
}
