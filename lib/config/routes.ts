import {everything, parseMatch} from '../routing/match.js';
import type {RouteSettings} from '../routing/table.js';
import {inWords} from './in-words.js';
import type {Problems} from './problems.js';
import {readExtras} from './route-options.js';
import {parseTarget} from './target.js';

/** A route, and where it stands. */
export interface PlacedRoute extends RouteSettings {
	/** Such as `routes["/api"]` or `routes[2]`. */
	readonly place: string;
	readonly allow: readonly string[];
	readonly deny: readonly string[];
	/** What its backend is called. */
	readonly backendPlace: string;
}

const listForm = 'such as [{"match": "/api", "backend": 4000}]';

/** Reads the routes that are asked for; those that are wrong are left out. */
export function readRoutes(routes: unknown, problems: Problems): readonly PlacedRoute[] {
	if (typeof routes !== 'object' || routes === null) {
		return simple('/', routes, 'routes', problems);
	}
	if (Object.keys(routes).length === 0) {
		const hint = 'such as 3000, or {"/": 3000, "/api": 4000}';
		problems.add('routes', `expected at least one route, got ${inWords(routes)}`, hint);
		return [];
	}
	if (Array.isArray(routes)) {
		return routes.flatMap((route: unknown, index) =>
			readListed(route, `routes[${index}]`, problems),
		);
	}
	return Object.entries(routes).flatMap(([match, route]: [string, unknown]) => {
		const place = `routes[${JSON.stringify(match)}]`;
		if (typeof route !== 'object' || route === null || Array.isArray(route)) {
			return simple(match, route, place, problems);
		}
		if ('match' in route || 'context' in route) {
			const name = 'match' in route ? 'match' : 'context';
			const got = inWords((route as Record<string, unknown>)[name]);
			const hint = 'it is what the route is called here; leave it out, or make a list of routes';
			problems.add(`${place}.${name}`, `the route matches ${match} already, got ${got}`, hint);
		}
		return readOne([match], route, place, place, problems);
	});
}

/** A backend and nothing else. */
function simple(match: string, target: unknown, place: string, problems: Problems): PlacedRoute[] {
	const backend = problems.attempt(place, () => parseTarget(target, place));
	const read = match === '/' ? everything : problems.attempt(place, () => readMatch(match, place));
	return backend === undefined || read === undefined
		? []
		: [{...plain, match: read, backend, place, backendPlace: place}];
}

const plain = {stripPrefix: false, rewrite: undefined, proxy: undefined, allow: [], deny: []};

function readListed(route: unknown, place: string, problems: Problems): PlacedRoute[] {
	if (typeof route !== 'object' || route === null || Array.isArray(route)) {
		problems.add(place, `expected a route, got ${inWords(route)}`, listForm);
		return [];
	}
	const {match, context} = route as {match?: unknown; context?: unknown};
	const name = match === undefined && context !== undefined ? 'context' : 'match';
	const path = `${place}.${name}`;
	if (match !== undefined && context !== undefined) {
		const hint = 'they are two names of one option: leave one of them out';
		problems.add(`${place}.context`, `there is a match beside it, got ${inWords(context)}`, hint);
	}
	const wanted: unknown[] = [match ?? context ?? '/'].flat();
	const texts = wanted.filter(each => typeof each === 'string');
	if (texts.length < wanted.length || texts.length === 0) {
		const hint = 'such as "/api", "api.localhost", or ["/api", "/auth"]';
		problems.add(path, `expected text or a list of texts, got ${inWords(match ?? context)}`, hint);
	}
	return readOne(texts, route, place, path, problems);
}

function readOne(
	texts: readonly string[],
	route: object,
	place: string,
	matchPlace: string,
	problems: Problems,
): PlacedRoute[] {
	const {backend, target} = route as {backend?: unknown; target?: unknown};
	const name = backend === undefined && target !== undefined ? 'target' : 'backend';
	const backendPlace = `${place}.${name}`;
	if (backend !== undefined && target !== undefined) {
		const hint = 'they are two names of one option: leave one of them out';
		problems.add(`${place}.target`, `there is a backend beside it, got ${inWords(target)}`, hint);
	}
	const parsed = problems.attempt(backendPlace, () => parseTarget(backend ?? target, backendPlace));
	const extras = readExtras(route, place, problems);
	return texts.flatMap(text => {
		const match = problems.attempt(matchPlace, () => readMatch(text, matchPlace));
		return parsed === undefined || match === undefined
			? []
			: [{...extras, match, backend: parsed, place, backendPlace}];
	});
}

/**
 * Reads what a route matches; `/api/**` is how webpack-dev-server's documentation writes `/api`.
 *
 * @throws UserError `option-invalid`
 */
export function readMatch(text: string, where: string): RouteSettings['match'] {
	const bare = text.startsWith('^') ? text : text.replace(/\/\*\*$/, '');
	return parseMatch(bare === '' && text !== '' ? '/' : bare, where);
}
