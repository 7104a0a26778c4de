import {labelOf} from './label.js';
import {listeners} from './listeners.js';
import type {Listening} from './listening.js';
import {isOtherService} from './other-services.js';
import {type Answer, probe} from './probe.js';

/** Something that listens and may be what a person wants to wrap. */
export interface DevServer extends Listening {
	/** What to give Sealport as its backend: `5173`, or `127.0.0.2:5173`. */
	readonly backend: string;
	/** What people call it: `vite`. Printable. */
	readonly label: string;
}

/** What was found; `silent` are those that accept connections and have not answered in time. */
export interface Found {
	readonly answering: readonly DevServer[];
	readonly silent: readonly DevServer[];
}

/**
 * Finds the dev servers of this user: what listens on loopback or on every address, is neither Sealport
 * nor some well-known other service, and answers in HTTP.
 *
 * @param patience milliseconds for each thing that is asked, of the system and of the servers
 */
export async function devServers(patience = 2000): Promise<Found> {
	const asked = await Promise.all(
		likelyServers(await listeners(patience)).map(async server => ({
			server,
			answer: await ask(server, patience),
		})),
	);
	const those = (wanted: Answer) =>
		asked.filter(({answer}) => answer === wanted).map(({server}) => server);
	return {answering: those('http'), silent: those('silent')};
}

/**
 * Picks out what may be dev servers, without asking them.
 *
 * @returns one for each backend
 */
export function likelyServers(found: readonly Listening[]): readonly DevServer[] {
	const servers = new Map<string, DevServer>();
	for (const each of found) {
		if (each.sealport || each.pid === process.pid || isOtherService(each)) {
			continue;
		}
		const backend = backendOf(each);
		if (backend !== undefined && !servers.has(backend)) {
			servers.set(backend, {...each, backend, label: labelOf(each.argv, each.name)});
		}
	}
	return [...servers.values()];
}

/** The two addresses of loopback are what a port alone stands for. */
function backendOf({address, port}: Listening): string | undefined {
	if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(address)) {
		return String(port);
	}
	return address.startsWith('127.') ? `${address}:${port}` : undefined;
}

/** A socket on `::` may or may not take IPv4, and the machine may have no `::1`. */
async function ask({address, port}: DevServer, patience: number): Promise<Answer> {
	const hosts =
		address === '0.0.0.0' ? ['127.0.0.1'] : address === '::' ? ['::1', '127.0.0.1'] : [address];
	let answer: Answer = 'other';
	for (const host of hosts) {
		answer = await probe(host, port, patience);
		if (answer !== 'other') {
			break;
		}
	}
	return answer;
}
