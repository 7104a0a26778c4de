import {readFile} from 'node:fs/promises';

/** Port numbers, both ends included. */
export interface PortRange {
	readonly first: number;
	readonly last: number;
}

/** RFC 6335 section 6: what macOS and Windows take unless told otherwise. */
const dynamicPorts: PortRange = {first: 49_152, last: 65_535};

/**
 * The ports that the system hands to outgoing connections: on Linux as it is set, elsewhere the
 * default of 49152 to 65535. Never throws.
 */
export async function outgoingPorts(): Promise<PortRange> {
	const file = '/proc/sys/net/ipv4/ip_local_port_range';
	const text = process.platform === 'linux' ? await readFile(file, 'utf8').catch(() => '') : '';
	const [first, last] = text.trim().split(/\s+/).map(Number);
	return first && last ? {first, last} : dynamicPorts;
}

/** Whether a port lies in the range. */
export function inside(range: PortRange, port: number): boolean {
	return port >= range.first && port <= range.last;
}
