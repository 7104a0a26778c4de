import {ProxyError} from '../errors.js';
import {printable} from '../printable.js';
import type {Entry, Paths} from './paths.js';
import {asReference, readingsOf} from './readings.js';
import {resolve} from './spelling.js';

/**
 * Finds the route of a path that is not plain.
 *
 * The backend gets the path as it came, and nobody knows how it reads it. So all readings have to lead to
 * one route: were one of them chosen, `/admin/..%2fapi` would either ask the backend of `/` for what is
 * `/admin` to it, or the one of `/admin` for what is outside it. Browsers and honest clients do not send
 * such paths.
 *
 * Of these readings one is looked at less strictly: a path that begins with two slashes is a host to whoever
 * takes it for a reference. It must not lead past a route, but where it leads out of one, it is let
 * through: it is also what comes of `https://localhost/` + `/api`.
 *
 * @param query with its question mark, or empty
 * @throws ProxyError `request-malformed`
 */
export function matchOdd(groups: readonly Paths[], path: string, query: string): Entry | undefined {
	const readings = [...readingsOf(path)];
	if (readings.length === 0) {
		throw refusal('it is spelled in too many odd ways');
	}
	const found = new Set(readings.map(reading => find(groups, reading, query)));
	const [entry, ...others] = found;
	const misled = readings
		.flatMap(asReference)
		.map(reading => find(groups, reading, query))
		.filter(other => other !== undefined && !isWithin(entry, other));
	const [other] = [...others, ...misled];
	if (others.length > 0 || misled.length > 0) {
		throw refusal(`to some it is for ${nameOf(entry)}, to others for ${nameOf(other)}`);
	}
	return entry;

	function refusal(why: string): ProxyError {
		return new ProxyError(
			'request-malformed',
			'downstream',
			`servers read the path "${printable(path)}" differently: ${why}`,
			{hint: 'ask for it without dot segments, doubled slashes, and what is encoded without need'},
		);
	}
}

function find(groups: readonly Paths[], reading: string, query: string): Entry | undefined {
	const {path} = resolve(reading);
	for (const paths of groups) {
		const entry = paths.find(path, query);
		if (entry !== undefined) {
			return entry;
		}
	}
	return undefined;
}

/** Whether all that an entry matches is below the prefix of another one. */
function isWithin(entry: Entry | undefined, other: Entry): boolean {
	if (entry === undefined || entry === other) {
		return entry === other;
	}
	const {prefix, pattern} = other.match;
	const border = prefix.endsWith('/') ? prefix : `${prefix}/`;
	return pattern === undefined && `${entry.match.prefix}/`.startsWith(border);
}

function nameOf(entry: Entry | undefined): string {
	return entry === undefined ? 'no route' : `the route ${printable(entry.match.text)}`;
}
