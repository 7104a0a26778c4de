import type {ServeOptions, Tunnel} from '../index.js';

/**
 * The names by which clients are to reach a tunnel and which the system has to know: not those of
 * `localhost`, which browsers know, no patterns and no addresses.
 */
export function namesToResolve({names}: ServeOptions, {url, routes}: Tunnel): readonly string[] {
	const hosts = routes.map(({match}) => /^[^/^*]+/.exec(match)?.[0] ?? 'localhost');
	return [new URL(url).hostname, ...(names ?? []), ...hosts]
		.map(name => name.toLowerCase().replace(/\.$/, ''))
		.filter(name => !/(?:^|\.)localhost$|^[\d.]+$|[:\]*]/.test(name));
}
