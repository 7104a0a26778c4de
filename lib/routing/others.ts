import type {Route, Router} from '../forward/seams.js';
import {compileRoutes, type RouteSettings} from './table.js';

/**
 * Matches as if a route were not there. The table for that is compiled when it is first asked.
 *
 * @param routes what `router` was compiled from
 * @param index of the route that is left out
 */
export function matchOthers(
	routes: readonly RouteSettings[],
	router: Router,
	index: number,
): Router['match'] {
	let table: Router | undefined;
	let same = new Map<Route, Route | undefined>();
	return (authority, path) => {
		if (table === undefined) {
			table = compileRoutes(routes.toSpliced(index, 1), router);
			const others = router.routes.toSpliced(index, 1);
			same = new Map(table.routes.map((route, at) => [route, others[at]]));
		}
		const found = table.match(authority, path);
		return found && same.get(found);
	};
}
