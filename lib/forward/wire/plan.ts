import {ProxyError} from '../../errors.js';
import {identify} from '../authority.js';
import {clientLines} from '../client-lines.js';
import {routeMissing} from '../route-missing.js';
import type {
	Applicant,
	Authority,
	Backend,
	Client,
	Edit,
	Policy,
	Route,
	Snapshot,
} from '../seams.js';

/** What is asked for, in whatever version of HTTP. */
export interface Asked {
	readonly method: string;
	/** The request target as it came. */
	readonly target: string;
	/** Every value that says whom the request is for. */
	readonly hosts: readonly string[];
	/** Every value of a header field, by its name in lower case. */
	values(name: string): readonly string[];
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
	/** What is for policies, and not for the backend, is taken away by these. */
	readonly edits: readonly Edit[];
	/** The request as policies see it. */
	readonly applicant: Applicant;
}

const noEdits: readonly Edit[] = [];

/**
 * Identifies a request, admits it, and matches it to its route.
 *
 * @throws ProxyError whatever refuses it
 */
export function planRequest(asked: Asked, snapshot: Snapshot, client: Client): Plan {
	if (asked.method === 'CONNECT') {
		throw new ProxyError('method-refused', 'downstream', 'CONNECT is not for this kind of proxy');
	}
	const {authority, target} = identify(asked, text => redacted(text, snapshot));
	const refusal = snapshot.names.admit(authority);
	if (refusal !== undefined) {
		throw refusal;
	}
	const {policies} = snapshot;
	const applicant = {
		client,
		authority,
		method: asked.method,
		target,
		values: (name: string) => asked.values(name),
	};
	// Before any route is named to the client.
	admit(applicant, policies);
	const route = snapshot.router.match(authority, target);
	if (route === undefined) {
		throw routeMissing(authority, target, snapshot.router);
	}
	admit(applicant, route.policies);
	const {backend} = route;
	const path = target === '*' ? target : route.pathFor(target);
	const edits =
		policies.length === 0
			? noEdits
			: policies.flatMap(({edit}) => (edit === undefined ? [] : [edit]));
	return {authority, route, backend, target, path, edits, applicant};
}

/**
 * Asks policies one after the other.
 *
 * @throws ProxyError of the first that refuses
 */
export function admit(applicant: Applicant, policies: readonly Policy[]): void {
	for (const policy of policies) {
		const refusal = policy.admit(applicant);
		if (refusal !== undefined) {
			throw refusal;
		}
	}
}

/** A request target as logs may have it. */
export function redacted(target: string, {policies}: Snapshot): string {
	let shown = target;
	for (const {redact} of policies) {
		shown = redact?.(shown) ?? shown;
	}
	return shown;
}

/** Field lines without what is for policies. */
export function editLines(lines: string, edits: readonly Edit[]): string {
	if (edits.length === 0) {
		return lines;
	}
	let text = '';
	for (const line of lines.split('\r\n')) {
		const colon = line.indexOf(':');
		if (colon > 0) {
			text += editLine(line, colon, edits);
		}
	}
	return text;
}

function editLine(line: string, colon: number, edits: readonly Edit[]): string {
	const name = line.slice(0, colon).toLowerCase();
	const before = line.slice(colon + 1).trim();
	let value: string | undefined = before;
	for (const edit of edits) {
		value = value === undefined ? undefined : edit(name, value);
	}
	if (value === undefined) {
		return '';
	}
	return `${value === before ? line : `${line.slice(0, colon)}: ${value}`}\r\n`;
}

/** What Sealport tells a backend about the client, as lines of a head. */
export function forwardedLines({text, port}: Authority, client: Client): string {
	return `X-Forwarded-For: ${client.address}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: ${text}\r\nX-Forwarded-Port: ${port ?? 443}\r\n${clientLines(client)}`;
}
