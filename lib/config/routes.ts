import {parseBackend} from '../backend/address.js';
import {everything} from '../routing/match.js';
import type {RouteSettings} from '../routing/table.js';
import type {Routes} from './options.js';

/**
 * Reads the routes that are asked for.
 *
 * @throws UserError `option-invalid`
 */
export function parseRoutes(routes: Routes): readonly RouteSettings[] {
	if (typeof routes !== 'number' && typeof routes !== 'string') {
		throw new Error('not there yet');
	}
	return [
		{
			match: everything,
			backend: parseBackend(routes, 'backend'),
			stripPrefix: false,
			rewrite: undefined,
			proxy: undefined,
		},
	];
}
