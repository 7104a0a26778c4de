import type {Backend, ProxyOptions, Route, Router} from '../forward/seams.js';
import type {Match} from './match.js';

/** A route as it is asked for. */
export interface RouteSettings {
	readonly match: Match;
	readonly backend: Backend;
	/** Whether the prefix that matched is taken off the path. */
	readonly stripPrefix: boolean;
	/** Changes the path last. */
	readonly rewrite: ((path: string) => string) | undefined;
	readonly proxy: ProxyOptions | undefined;
}

/**
 * Compiles the immutable table that matches requests to routes.
 *
 * @param previous the table that this one follows: a backend that was there is kept, and so are the
 * connections to it
 */
export function compileRoutes(routes: readonly RouteSettings[], previous?: Router): Router {
	const known = new Map(previous?.routes.map(({backend}) => [backend.label, backend]));
	const compiled = routes.map(({match, backend, rewrite, proxy}): Route => {
		const {base} = backend;
		return Object.freeze({
			match: match.text,
			backend: known.get(backend.label) ?? backend,
			pathFor: (target: string) => `${base}${rewrite === undefined ? target : rewrite(target)}`,
			proxy,
		});
	});
	return Object.freeze({
		routes: Object.freeze(compiled),
		match: () => compiled[0],
	});
}
