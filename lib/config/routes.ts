import {parseBackend} from '../backend/address.js';
import {UserError} from '../errors.js';
import {everything, parseMatch} from '../routing/match.js';
import type {RouteSettings} from '../routing/table.js';
import type {RouteOptions, Routes} from './options.js';

/**
 * Reads the routes that are asked for.
 *
 * @throws UserError `option-invalid`
 */
export function parseRoutes(routes: Routes): readonly RouteSettings[] {
	if (typeof routes === 'number' || typeof routes === 'string') {
		return [plain(everything, parseBackend(routes, 'backend'))];
	}
	if (typeof routes !== 'object' || routes === null) {
		throw new UserError(
			'option-invalid',
			`routes: expected a backend or routes, got ${inWords(routes)}`,
			{hint: 'such as 3000, or {"/": 3000, "/api": 4000}'},
		);
	}
	const list = Array.isArray(routes)
		? (routes as readonly RouteOptions[]).map((route, index) => readListed(route, routes, index))
		: Object.entries(routes as Readonly<Record<string, number | string | RouteOptions>>).map(
				([match, route]) => readOne(match, route, `routes[${JSON.stringify(match)}]`),
			);
	return list.flat();
}

function readListed(route: RouteOptions, all: unknown, index: number): RouteSettings[] {
	if (typeof route !== 'object' || route === null) {
		throw new UserError(
			'option-invalid',
			`routes: expected a list of objects, got ${inWords(all)}`,
			{
				hint: 'such as [{"match": "/api", "backend": 4000}]',
			},
		);
	}
	const where = `routes[${index}]`;
	return [route.match ?? '/'].flat().flatMap(match => readOne(match, route, where));
}

function readOne(text: string, route: number | string | RouteOptions, where: string) {
	const match = parseMatch(text, where);
	if (typeof route === 'number' || typeof route === 'string') {
		return [plain(match, parseBackend(route, where))];
	}
	const {backend, stripPrefix = false, rewrite, match: _, ...proxy} = route;
	if (backend === undefined) {
		throw new UserError('option-invalid', `${where}.backend: expected a backend`, {
			hint: 'such as 3000',
		});
	}
	return [
		{
			...plain(match, parseBackend(backend, `${where}.backend`)),
			stripPrefix,
			rewrite,
			proxy: Object.keys(proxy).length === 0 ? undefined : proxy,
		},
	];
}

function plain(match: RouteSettings['match'], backend: RouteSettings['backend']): RouteSettings {
	return {match, backend, stripPrefix: false, rewrite: undefined, proxy: undefined};
}

function inWords(value: unknown): string {
	return JSON.stringify(value) ?? typeof value;
}
