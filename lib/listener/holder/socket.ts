import {isIP, isIPv6} from 'node:net';

/** One row of a system's table of TCP sockets. */
export interface HeldSocket {
	/** The local address in canonical form; `0.0.0.0` and `::` stand for every address. */
	readonly address: string;
	/** The local port. */
	readonly port: number;
	readonly listening: boolean;
}

/** One end of a connection; the address in canonical form. */
export interface End {
	readonly address: string;
	readonly port: number;
}

/**
 * One spelling for each IP address: IPv6 as RFC 5952 writes it, without a zone, and IPv4-mapped
 * addresses as the IPv4 address. Other text comes back as it is.
 */
export function canonical(address: string): string {
	const bare = address.replace(/%.*$/, '');
	if (!isIPv6(bare)) {
		return bare;
	}
	const text = new URL(`http://[${bare}]`).hostname.slice(1, -1);
	const mapped = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(text);
	if (mapped === null) {
		return text;
	}
	const [high, low] = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
	return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/**
 * The sockets that stand in the way of listening, the likeliest culprit first: listening before
 * connected, the very address before a wildcard.
 *
 * @param address what to listen on; a name, or nothing, means that any address counts
 */
export function standingInTheWay<S extends HeldSocket>(
	sockets: readonly S[],
	port: number,
	address: string | undefined,
): S[] {
	const wanted = address === undefined || isIP(address) === 0 ? undefined : canonical(address);
	const rank = (socket: S) => (socket.listening ? 0 : 2) + (socket.address === wanted ? 0 : 1);
	return sockets
		.filter(socket => socket.port === port && overlap(socket.address, wanted))
		.sort((one, other) => rank(one) - rank(other));
}

function overlap(held: string, wanted: string | undefined): boolean {
	// A `::` socket takes IPv4 as well unless it was told not to, which the tables do not show.
	if (wanted === undefined || held === wanted || held === '::' || wanted === '::') {
		return true;
	}
	const sameFamily = isIPv6(held) === isIPv6(wanted);
	return sameFamily && (held === '0.0.0.0' || wanted === '0.0.0.0');
}
