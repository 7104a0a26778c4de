import {type OwnNetwork, ownNetwork} from './own-network.js';
import type {Owner} from './owner.js';

/** A network as a container has it, behind a bridge of the machine. */
export interface Guest extends OwnNetwork {
	/** Its own addresses: IPv4, then IPv6. */
	readonly own: readonly [string, string];
	/** The machine's addresses as it sees them. */
	readonly gateways: readonly [string, string];
}

/**
 * Connects a network of its own with the machine's by a pair of interfaces, as Docker does: eth0 here, and
 * one of the name given there.
 *
 * @param machine the network on which a listener runs
 * @param bridge what the machine calls its end
 * @param subnet the second number of 172.x.0.0/16, in which the machine has .0.1; also of fd00:x::/64
 */
export async function addGuest(
	t: Owner,
	machine: OwnNetwork,
	bridge = 'docker0',
	subnet = 17,
): Promise<Guest> {
	const guest = await ownNetwork(t, machine);
	const [v4, v6] = [`172.${subnet}.0`, `fd00:${subnet}:`];
	const ip = async (where: OwnNetwork, line: string) => {
		const {code, stderr} = await where.run('ip', ...line.split(' '));
		if (code !== 0) {
			throw new Error(`ip ${line}: ${stderr}`);
		}
	};
	await ip(machine, `link add ${bridge} type veth peer name eth0 netns ${guest.pid}`);
	const ends = [
		[machine, bridge, 1],
		[guest, 'eth0', 2],
	] as const;
	for (const [where, name, last] of ends) {
		await ip(where, `addr add ${v4}.${last}/16 dev ${name}`);
		// Without asking first whether somebody else has it, which takes a second.
		await ip(where, `addr add ${v6}:${last}/64 dev ${name} nodad`);
		await ip(where, `link set ${name} up`);
	}
	return {
		...guest,
		own: [`${v4}.2`, `${v6}:2`],
		gateways: [`${v4}.1`, `${v6}:1`],
	};
}
