import {parseBackend} from '../../lib/backend/address.js';
import type {Router} from '../../lib/forward/seams.js';
import {parseMatch} from '../../lib/routing/match.js';
import {compileRoutes, type RouteSettings} from '../../lib/routing/table.js';

/** Settings of a route, as `lib/config` makes them. */
export function settings(
	match: string,
	backend: string | number = 3000,
	more: Partial<RouteSettings> = {},
): RouteSettings {
	return {
		match: parseMatch(match),
		backend: parseBackend(backend),
		stripPrefix: false,
		rewrite: undefined,
		proxy: undefined,
		...more,
	};
}

/** A table of routes that are told apart by what they match. */
export function tableOf(...matches: readonly string[]): Router {
	return compileRoutes(matches.map(match => settings(match)));
}

/** What the route of a request matches. */
export function matched(router: Router, host: string, target: string): string | undefined {
	return router.match({host, port: undefined, text: host}, target)?.match;
}
