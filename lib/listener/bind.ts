import {type AddressInfo, createServer, isIPv6, type Server, type Socket} from 'node:net';
import {systemCode} from '../errors.js';

/** A listening socket for each address, all on one port. */
export interface Bound {
	readonly addresses: readonly string[];
	readonly port: number;
	/** Stops accepting; connections that are open stay so. */
	close(): void;
}

/** How often another free port is tried when a port is free on one loopback family only. */
const triesForFreePort = 10;

/** What a machine without IPv6 says to `::1`. */
const noSuchFamily = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EPROTONOSUPPORT']);

/**
 * Listens. `loopback` stands for 127.0.0.1 and, where the machine has it, ::1: a program that held the
 * other one would be what `localhost` reaches. `any` stands for all addresses: `::` takes both families, and
 * 0.0.0.0 is in its place where there is no IPv6.
 *
 * @param host an IP address, `loopback` or `any`
 * @param port 0 takes a free one, the same for every address
 * @param onConnection given each accepted socket
 * @throws UserError `port-taken`, `port-forbidden` or `address-unavailable`
 */
export async function bind(
	host: string,
	port: number,
	onConnection: (socket: Socket) => void,
): Promise<Bound> {
	for (let tries = 1; ; tries++) {
		const servers: Server[] = [];
		try {
			const first = await listenFirst(host, port, onConnection);
			servers.push(first);
			const taken = (first.address() as AddressInfo).port;
			if (host === 'loopback') {
				servers.push(...(await listenOnIpv6(taken, onConnection)));
			}
			return bound(servers, taken);
		} catch (error) {
			for (const server of servers) {
				server.close();
			}
			if (port === 0 && systemCode(error) === 'EADDRINUSE' && tries < triesForFreePort) {
				continue;
			}
			const {portTaken} = await import('./port-taken.js');
			throw await portTaken(port, refusedAddress(error, host), error);
		}
	}
}

function bound(servers: readonly Server[], port: number): Bound {
	return {
		port,
		addresses: servers.map(server => (server.address() as AddressInfo).address),
		close() {
			for (const server of servers) {
				server.close();
			}
		},
	};
}

function refusedAddress(error: unknown, host: string): string {
	if (error instanceof Error && 'address' in error && typeof error.address === 'string') {
		return error.address;
	}
	return ({loopback: '127.0.0.1', any: '::'} as const)[host] ?? host;
}

function listenFirst(
	host: string,
	port: number,
	onConnection: (socket: Socket) => void,
): Promise<Server> {
	if (host !== 'any') {
		return listen(host === 'loopback' ? '127.0.0.1' : host, port, onConnection);
	}
	return listen('::', port, onConnection).catch((error: unknown) => {
		if (noSuchFamily.has(systemCode(error) ?? '')) {
			return listen('0.0.0.0', port, onConnection);
		}
		throw error;
	});
}

async function listenOnIpv6(
	port: number,
	onConnection: (socket: Socket) => void,
): Promise<Server[]> {
	try {
		return [await listen('::1', port, onConnection)];
	} catch (error) {
		if (noSuchFamily.has(systemCode(error) ?? '')) {
			return [];
		}
		throw error;
	}
}

function listen(
	address: string,
	port: number,
	onConnection: (socket: Socket) => void,
): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer({noDelay: true}, onConnection);
		server.once('error', reject);
		server.listen({host: address, port, ipv6Only: isIPv6(address) && address !== '::'}, () => {
			server.off('error', reject);
			server.on('error', () => {
				// Out of descriptors, most likely: the next connection may be accepted again.
			});
			resolve(server);
		});
	});
}
