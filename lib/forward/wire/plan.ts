import {ProxyError} from '../../errors.js';
import {identify} from '../authority.js';
import {routeMissing} from '../route-missing.js';
import type {Authority, Backend, Route, Snapshot} from '../seams.js';

/** What is asked for, in whatever version of HTTP. */
export interface Asked {
	readonly method: string;
	/** The request target as it came. */
	readonly target: string;
	/** Every value that says whom the request is for. */
	readonly hosts: readonly string[];
}

/** What is to become of a request. */
export interface Plan {
	readonly authority: Authority;
	readonly route: Route;
	readonly backend: Backend;
	/** The path that was asked for, or `*`. */
	readonly target: string;
	/** The path to ask the backend for. */
	readonly path: string;
}

/**
 * Identifies a request, admits it, and matches it to its route.
 *
 * @throws ProxyError whatever refuses it
 */
export function planRequest(asked: Asked, snapshot: Snapshot): Plan {
	if (asked.method === 'CONNECT') {
		throw new ProxyError('method-refused', 'downstream', 'CONNECT is not for this kind of proxy');
	}
	const {authority, target} = identify(asked);
	// Before any route is named to the client.
	for (const policy of snapshot.policies) {
		const refusal = policy.admit(authority);
		if (refusal !== undefined) {
			throw refusal;
		}
	}
	const route = snapshot.router.match(authority, target);
	if (route === undefined) {
		throw routeMissing(authority, target, snapshot.router);
	}
	const {backend} = route;
	return {authority, route, backend, target, path: target === '*' ? target : route.pathFor(target)};
}

/**
 * What Sealport tells a backend about the client, as lines of a head.
 *
 * @param address of the client
 */
export function forwardedLines({text, port}: Authority, address: string): string {
	return `X-Forwarded-For: ${address.replace(/^::ffff:(?=\d+\.)/, '')}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: ${text}\r\nX-Forwarded-Port: ${port ?? 443}\r\n`;
}
