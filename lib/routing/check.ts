import type {Match} from './match.js';

/** What is wrong with the routes, and where. */
export interface RouteProblem {
	/** Such as `routes[2].match`. */
	readonly path: string;
	readonly message: string;
	readonly hint: string;
}

/**
 * Finds what is wrong with routes that each are right by themselves: two that match the same, and a prefix to
 * be taken off where there is none.
 *
 * @param place what the route of this index is called; `routes[2]` by default
 */
export function checkRoutes(
	routes: ReadonlyArray<{readonly match: Match; readonly stripPrefix: boolean}>,
	place: (index: number) => string = index => `routes[${index}]`,
): readonly RouteProblem[] {
	const problems: RouteProblem[] = [];
	const first = new Map<string, number>();
	for (const [index, {match, stripPrefix}] of routes.entries()) {
		const {host = '', prefix, pattern, text} = match;
		const key = `${host} ${pattern?.source ?? prefix}`;
		const before = first.get(key);
		if (before === undefined) {
			first.set(key, index);
		} else {
			problems.push({
				path: `${place(index)}.match`,
				message: `${JSON.stringify(text)} is ${place(before)}'s too`,
				hint: 'take one of the two away: a request can go to one backend only',
			});
		}
		if (stripPrefix && pattern !== undefined) {
			problems.push({
				path: `${place(index)}.stripPrefix`,
				message: `a regular expression has no prefix to take off, got ${JSON.stringify(text)}`,
				hint: 'use rewrite, such as path => path.replace(/^\\/api/, "")',
			});
		}
	}
	return problems;
}
