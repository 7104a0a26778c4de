import type {ExecutionContext} from 'ava';
import {WebSocketServer} from 'ws';
import type {ServeOptions, Tunnel} from '../../../lib/index.js';
import {startBackend} from '../backend.js';
import {startTunnel} from '../tunnel.js';
import {until} from '../until.js';
import {type Attempt, attempts} from './attempts.js';
import {isOfPage, pathOfAttempt, servePage} from './page.js';

/** A backend behind Sealport, and what came of the attempts to reach it. */
export interface Stage {
	readonly tunnel: Tunnel;
	/** Origin to reach: `https://localhost:49211`. */
	readonly origin: string;
	/** Attempts that have reached the backend, whatever they were for. */
	readonly arrived: ReadonlySet<string>;
	/** Those that a policy has refused, and by which version of HTTP they came. */
	readonly refused: ReadonlyMap<string, string>;
	/** Waits until all of them have arrived. */
	letsIn(names: readonly string[]): Promise<void>;
	/** Waits until all of them have been refused. */
	turnsAway(names: readonly string[]): Promise<void>;
	/** Forgets all that came so far. */
	forget(): void;
}

/** Wraps a backend that answers everything, serves the page itself, and lets pages of any origin read. */
export async function openStage(
	t: ExecutionContext,
	options: Partial<ServeOptions> = {},
): Promise<Stage> {
	const arrived = new Set<string>();
	const refused = new Map<string, string>();
	const backend = await startBackend(t, (request, response) => {
		if (isOfPage(request.url ?? '')) {
			servePage(request, response);
			return;
		}
		arrived.add(nameIn(request.url));
		response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
		response.setHeader('access-control-allow-credentials', 'true');
		response.setHeader('access-control-allow-methods', 'PUT, DELETE');
		response.setHeader('access-control-allow-headers', 'content-type, x-asked');
		response.setHeader('content-type', 'text/html');
		response.end('<title>behind the tunnel</title>');
	});
	const sockets = new WebSocketServer({server: backend.server});
	sockets.on('connection', (_socket, request) => arrived.add(nameIn(request.url)));
	const tunnel = await startTunnel(t, backend.port, options);
	tunnel.on('exchange', ({target, version, failure}) => {
		if (failure?.policy !== undefined) {
			refused.set(nameIn(target), version);
		}
	});
	const missing = (names: readonly string[], there: {has(name: string): boolean}) =>
		names.filter(name => !there.has(name));
	const wait = async (
		what: string,
		names: readonly string[],
		there: {has(name: string): boolean},
	) => {
		await until(`${what} all attempts`, () => missing(names, there).length === 0).catch(
			(error: unknown) => {
				throw new Error(`${what}: not ${missing(names, there).join(', ')}`, {cause: error});
			},
		);
	};
	return {
		tunnel,
		origin: `https://localhost:${tunnel.port}`,
		arrived,
		refused,
		letsIn: names => wait('arrived', names, arrived),
		turnsAway: names => wait('refused', names, refused),
		forget() {
			arrived.clear();
			refused.clear();
		},
	};
}

/** Names of the attempts for which something holds. */
export function named(holds: (attempt: Attempt) => boolean): readonly string[] {
	return attempts.filter(holds).map(({name}) => name);
}

/** The path, where it is no attempt's: the browser asks for icons, too. */
function nameIn(target = ''): string {
	const {pathname} = new URL(target, 'https://localhost');
	const before = pathOfAttempt('');
	return pathname.startsWith(before) ? pathname.slice(before.length) : pathname;
}
