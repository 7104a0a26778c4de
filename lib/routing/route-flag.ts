import {parseBackend} from '../backend/address.js';
import {UserError} from '../errors.js';
import {parseMatch} from './match.js';

/** What `--route` was given, each part checked and as it was written. */
export interface RouteFlag {
	readonly match: string;
	readonly backend: string;
}

/**
 * Takes the value of `--route` apart: `api.localhost=4000`, `/admin=unix:/run/x=y.sock`. Since there may be
 * more than one `=`, the first one with a match before and a backend behind it is the one that is meant.
 *
 * @param where what the flag is called, for the error's text
 * @throws UserError `option-invalid`
 */
export function parseRouteFlag(text: string, where = '--route'): RouteFlag {
	let failure: unknown;
	for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
		const match = text.slice(0, at).trim();
		const backend = text.slice(at + 1).trim();
		try {
			parseMatch(match, where);
			const {kind, label} = parseBackend(backend, where);
			// No host has one in its name, though a URL would take it.
			if (kind === 'unix' || !/=.*:\d+/.test(label)) {
				return {match, backend};
			}
		} catch (error) {
			failure ??= error;
		}
	}
	throw (
		failure ??
		new UserError(
			'option-invalid',
			`${where}: expected match=backend, got ${JSON.stringify(text)}`,
			{
				hint: 'such as --route api.localhost=4000 or --route /api=localhost:4000',
			},
		)
	);
}
