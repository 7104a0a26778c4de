import {ProxyError} from '../errors.js';
import {printable} from '../printable.js';
import type {Authority, Router} from './seams.js';

/** How many routes a hint names. */
const most = 3;

/**
 * Says of a request which route it would have taken with a little luck.
 *
 * @param target as it was asked for
 */
export function routeMissing(
	{host, text}: Authority,
	target: string,
	{routes}: Pick<Router, 'routes'>,
): ProxyError {
	const path = target.split('?', 1)[0] ?? '';
	const message = `no route matches ${printable(text)}${printable(path.startsWith('/') ? path : '')}`;
	const name = host.includes(':') ? `[${host}]` : host;
	const apart = routes.map(({match}) => ({match, ...split(match)}));
	const here = apart.filter(route => isFor(route.host, name));
	const nearest = (here.length > 0 ? here : apart)
		.map(({match, host: other, path: prefix}) => ({
			match,
			likeness: shared(prefix, path) + 256 * shared([...other].reverse(), [...name].reverse()),
		}))
		.sort((a, b) => b.likeness - a.likeness);
	const named = nearest.slice(0, most).map(({match}) => printable(match));
	const more = nearest.length > named.length ? `, and ${nearest.length - named.length} more` : '';
	const what = here.length > 0 ? 'this host has' : 'there are';
	return new ProxyError('route-missing', 'downstream', message, {
		hint: `the routes that ${what}: ${named.join(', ')}${more}`,
	});
}

/** Of a regular expression nothing is known, but that it is for every host. */
function split(match: string): {readonly host: string; readonly path: string} {
	const slash = match.startsWith('^') ? 0 : match.indexOf('/');
	return slash < 0
		? {host: match, path: '/'}
		: {host: match.slice(0, slash), path: match.slice(slash)};
}

function isFor(routed: string, host: string): boolean {
	return (
		routed === '' ||
		routed === host ||
		(routed.startsWith('*.') && host.endsWith(routed.slice(1)) && host.length >= routed.length)
	);
}

/** How many items two sequences begin with alike. */
function shared(one: ArrayLike<string>, other: ArrayLike<string>): number {
	let length = 0;
	while (length < one.length && one[length] === other[length]) {
		length++;
	}
	return length;
}
