import {isIPv4} from 'node:net';
import {type NetworkInterfaceInfo, networkInterfaces} from 'node:os';
import {isLoopback} from '../../config/access.js';
import {canonicalAddress} from '../../pki/names.js';

/** Names by which containers reach the machine that they run on: Docker's, and Podman's. */
export const guestNames: readonly string[] = ['host.docker.internal', 'host.containers.internal'];

/** Finds what `os.networkInterfaces` does. */
type Interfaces = () => Readonly<NodeJS.Dict<readonly NetworkInterfaceInfo[]>>;

/**
 * The addresses beyond loopback under which a listener is reached, in canonical form: the one listened on,
 * or all that this machine has now. Those with a zone (fe80::1%eth0) are left out: neither a certificate
 * nor a Host can name them.
 *
 * @param host the address listened on; `any` and `::` stand for all, 0.0.0.0 for those of IPv4, `loopback`
 * for none
 */
export function reachedAt(
	host: string,
	interfaces: Interfaces = networkInterfaces,
): readonly string[] {
	if (isLoopback(host)) {
		return [];
	}
	if (!isWildcard(host)) {
		return [host];
	}
	const found = allOf(interfaces)
		.filter(({family}) => family === 'IPv4' || host !== '0.0.0.0')
		.filter(one => !('scopeid' in one && one.scopeid !== 0))
		.flatMap(({address}) => canonicalAddress(address) ?? []);
	return [...new Set(found)].filter(address => !isLoopback(address));
}

/** Whether an address to listen on stands for all. */
export function isWildcard(host: string): boolean {
	return host === 'any' || host === '::' || host === '0.0.0.0';
}

/**
 * The names and addresses by which a listener beyond loopback is reached from containers, virtual machines
 * and elsewhere: those of `reachedAt`, and what containers call this machine.
 */
export function exposedNames(
	host: string,
	interfaces: Interfaces = networkInterfaces,
): readonly string[] {
	return isLoopback(host) ? [] : [...reachedAt(host, interfaces), ...guestNames];
}

/** The network on which this machine has an address, as `address/prefix length`, where it has it. */
export function networkOf(
	address: string,
	interfaces: Interfaces = networkInterfaces,
): string | undefined {
	const own = allOf(interfaces).find(one => canonicalAddress(one.address) === address);
	const [, length] = own?.cidr?.split('/') ?? [];
	if (length === undefined || !isIPv4(address)) {
		return length === undefined ? undefined : `${address}/${length}`;
	}
	const bits = Number(length);
	const octets = address.split('.').map((octet, index) => {
		const kept = Math.min(8, Math.max(0, bits - 8 * index));
		return Number(octet) & (0xff00 >> kept);
	});
	return `${octets.join('.')}/${length}`;
}

/** Some systems do not tell every program. */
function allOf(interfaces: Interfaces): readonly NetworkInterfaceInfo[] {
	try {
		return Object.values(interfaces()).flatMap(each => each ?? []);
	} catch {
		return [];
	}
}
