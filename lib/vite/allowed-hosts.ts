import {guestNames} from '../access/exposure/own-addresses.js';
import type {SealportOptions} from './index.js';

/**
 * The host names that Vite is to answer to, as its `allowedHosts` has them: `.app.test` for all names
 * below `app.test`. `localhost` and addresses it allows anyway.
 */
export function allowedHosts({names = [], routes = {}, expose = false}: SealportOptions): string[] {
	const matches = Array.isArray(routes)
		? routes.flatMap(({match = []}) => match)
		: Object.keys(routes);
	const hosts = matches
		.map(match => match.split('/')[0] ?? '')
		.filter(host => /^[\w*.-]+$/.test(host));
	const guests = expose === false ? [] : guestNames;
	return [
		...new Set([...names, ...hosts, ...guests].map(name => name.replace(/^\*/, '').toLowerCase())),
	];
}
