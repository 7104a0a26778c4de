import {UserError} from '../errors.js';
import type {Backend, Policy, ProxyOptions, Route, Router} from '../forward/seams.js';
import {checkRoutes} from './check.js';
import {Hosts} from './hosts.js';
import type {Match} from './match.js';
import {matchOdd} from './odd.js';
import {pathsFor} from './path-for.js';
import type {Paths} from './paths.js';
import {isPlain, splitTarget} from './spelling.js';

/** A route as it is asked for. */
export interface RouteSettings {
	readonly match: Match;
	readonly backend: Backend;
	/** Whether the prefix that matched is taken off the path. */
	readonly stripPrefix: boolean;
	/** Changes the path last. */
	readonly rewrite: ((path: string) => string) | undefined;
	readonly proxy: ProxyOptions | undefined;
	readonly policies?: readonly Policy[];
}

/**
 * Compiles the immutable table that matches requests to routes: by exact host, then by the longest wildcard,
 * then those of all hosts; of a host by regular expressions in their order, then by the longest prefix on
 * borders of segments. Where a host's own routes do not match the path, the next ones are looked at.
 *
 * @param previous the table that this one follows: a backend that was there is kept, and so are the
 * connections to it
 * @throws UserError `option-invalid` for what `checkRoutes` finds
 */
export function compileRoutes(routes: readonly RouteSettings[], previous?: Router): Router {
	const [problem] = checkRoutes(routes);
	if (problem !== undefined) {
		const {path, message, hint} = problem;
		throw new UserError('option-invalid', `${path}: ${message}`, {hint});
	}
	const known = new Map(previous?.routes.map(({backend}) => [backend.label, backend]));
	const hosts = new Hosts();
	const compiled = routes.map((settings): Route => {
		const {match, proxy, policies = []} = settings;
		const backend = known.get(settings.backend.label) ?? settings.backend;
		known.set(backend.label, backend);
		const route = Object.freeze({
			match: match.text,
			backend,
			pathFor: pathsFor(settings),
			proxy,
			policies,
		});
		hosts.add({route, match});
		return route;
	});
	return Object.freeze<Router>({
		routes: Object.freeze(compiled),
		match: ({host}, target) => matchIn(hosts.for(host), target),
	});
}

function matchIn(groups: readonly Paths[], target: string): Route | undefined {
	const [first] = groups;
	const only = first?.only;
	if (only !== undefined) {
		return only.route;
	}
	if (target === '*') {
		return groups.find(({whole}) => whole !== undefined)?.whole?.route;
	}
	const [path, query] = splitTarget(target);
	if (!isPlain(path)) {
		return matchOdd(groups, path, query)?.route;
	}
	for (const paths of groups) {
		const entry = paths.find(path, query);
		if (entry !== undefined) {
			return entry.route;
		}
	}
	return undefined;
}
