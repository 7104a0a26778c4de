import {UserError} from '../errors.js';

/** What `--route` was given. */
export interface RouteFlag {
	readonly match: string;
	readonly backend: string;
}

/**
 * Takes the value of `--route` apart.
 *
 * @throws UserError `option-invalid`
 */
export function parseRouteFlag(text: string, where: string): RouteFlag {
	const equals = text.indexOf('=');
	if (equals < 1 || equals === text.length - 1) {
		throw new UserError(
			'option-invalid',
			`${where}: expected match=backend, got ${JSON.stringify(text)}`,
			{hint: 'such as --route /api=4000 or --route api.localhost=4000'},
		);
	}
	return {match: text.slice(0, equals), backend: text.slice(equals + 1)};
}
