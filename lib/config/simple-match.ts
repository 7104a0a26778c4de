import {UserError} from '../errors.js';
import type {Match} from '../routing/match.js';

/**
 * Reads what a route matches, in its simplest form.
 *
 * @param where what the value is called, for the error's text
 * @throws UserError `option-invalid`
 */
export function parseMatch(text: string, where: string): Match {
	if (text === '') {
		throw new UserError('option-invalid', `${where}: expected a host or a path, got ""`, {
			hint: 'such as /api, api.localhost or app.test/admin',
		});
	}
	if (text.startsWith('^')) {
		return {text, host: undefined, prefix: '/', pattern: new RegExp(text)};
	}
	const slash = text.indexOf('/');
	const host = slash < 0 ? text : text.slice(0, slash);
	return {
		text,
		host: host === '' ? undefined : host.toLowerCase(),
		prefix: slash < 0 ? '/' : text.slice(slash),
		pattern: undefined,
	};
}
