import type {Config} from '../config/define.js';
import {readMatch} from '../config/routes.js';
import type {RouteOptions} from '../index.js';
import {type Origin, originIn} from './origins.js';
import type {RouteFlag} from './serve-options.js';

/** Routes as a list, and where each has come from, by its path: `routes[2]`, `routes[2].backend`. */
export interface MergedRoutes {
	readonly routes: readonly RouteOptions[];
	readonly origins: ReadonlyMap<string, Origin>;
}

interface Sourced {
	readonly route: RouteOptions;
	readonly origins: Readonly<Record<string, Origin>>;
}

/**
 * Joins the backend and the routes of the command line with those of the file, of which they replace the ones
 * that match the same.
 *
 * @param flagged routes of `--route`, and the backend as the one of `/`
 */
export function mergeRoutes(
	flagged: ReadonlyArray<{readonly route: RouteFlag; readonly origin: Origin}>,
	config: Config,
	file: string,
): MergedRoutes {
	const taken = new Set(flagged.map(({route}) => textOf(route.match)));
	const given = flagged.map(({route, origin}): Sourced => ({route, origins: {'': origin}}));
	const filed = routesOf(config, file).flatMap(({route, origins}): Sourced[] => {
		const rest = [route.match ?? route.context ?? '/']
			.flat()
			.filter(each => !taken.has(textOf(each)));
		const {context: _, ...other} = route;
		return rest.length === 0 ? [] : [{route: {...other, match: rest}, origins}];
	});
	const all = [...given, ...filed];
	const origins = all.flatMap(({origins: each}, index) =>
		Object.entries(each).map(([path, origin]) => [`routes[${index}]${path}`, origin] as const),
	);
	return {routes: all.map(({route}) => route), origins: new Map(origins)};
}

/** What decides whether two routes match the same. */
function textOf(match: string): string {
	try {
		return readMatch(match, 'match').text;
	} catch {
		return match;
	}
}

function routesOf({backend, routes}: Config, file: string): readonly Sourced[] {
	const plain = (value: number | string, match: string, path: string): Sourced => {
		const origin = originIn(file, path);
		return {
			route: {match, backend: value},
			origins: {'': origin, '.backend': origin, '.match': origin},
		};
	};
	const first = backend === undefined ? [] : [plain(backend, '/', 'backend')];
	if (routes === undefined) {
		return first;
	}
	if (typeof routes !== 'object') {
		return [...first, plain(routes, '/', 'routes')];
	}
	if (Array.isArray(routes)) {
		const list = (routes as readonly RouteOptions[]).map((route, index) => ({
			route,
			origins: {'': originIn(file, `routes[${index}]`)},
		}));
		return [...first, ...list];
	}
	const each = Object.entries(routes as Readonly<Record<string, number | string | RouteOptions>>);
	return [
		...first,
		...each.map(([match, route]): Sourced => {
			const path = `routes[${JSON.stringify(match)}]`;
			const origin = originIn(file, path);
			return typeof route === 'object'
				? {route: {...route, match}, origins: {'': origin, '.match': origin}}
				: plain(route, match, path);
		}),
	];
}
