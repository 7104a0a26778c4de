import {ProxyError} from '../../errors.js';
import {identify} from '../authority.js';
import type {Authority, Backend, Snapshot} from '../seams.js';
import {ownBytes} from './codec/octets.js';
import {forwarded, isConnectionLevel, linesWithout} from './codec/pass-on.js';
import type {RequestHead} from './codec/request-head.js';

/** What is to become of a request: where it goes, and its head as the backend is to see it. */
export interface Plan {
	readonly authority: Authority;
	readonly backend: Backend;
	readonly head: Buffer;
}

/**
 * Identifies a request, matches it to its route, and admits it.
 *
 * @param hosts every value of its Host
 * @param address of the client
 * @throws ProxyError whatever refuses it
 */
export function planRequest(
	head: RequestHead,
	hosts: readonly string[],
	snapshot: Snapshot,
	address: string,
): Plan {
	const {method} = head;
	if (method === 'CONNECT') {
		throw new ProxyError('method-refused', 'downstream', 'CONNECT is not for this kind of proxy');
	}
	const {authority, target} = identify({method, target: head.target, hosts});
	const route = snapshot.router.match(authority, target);
	for (const policy of snapshot.policies) {
		const refusal = policy.admit(authority);
		if (refusal !== undefined) {
			throw refusal;
		}
	}
	if (route === undefined) {
		throw new ProxyError('route-missing', 'downstream', 'no route matches this request');
	}
	const {backend} = route;
	const path = target === '*' ? target : `${backend.base}${target}`;
	const text = `${method} ${path} HTTP/1.1\r\n${fieldLines(head)}${forwardedLines(authority, address)}\r\n`;
	return {authority, backend, head: ownBytes(text)};
}

function fieldLines({bytes, fields, connection, upgrade}: RequestHead): string {
	const ends = isConnectionLevel(bytes, connection, upgrade);
	const lines = linesWithout(bytes, fields, field => forwarded.has(field.known) || ends(field));
	return upgrade ? `${lines}Connection: Upgrade\r\n` : lines;
}

function forwardedLines({text, port}: Authority, address: string): string {
	return `X-Forwarded-For: ${address.replace(/^::ffff:(?=\d+\.)/, '')}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: ${text}\r\nX-Forwarded-Port: ${port ?? 443}\r\n`;
}
