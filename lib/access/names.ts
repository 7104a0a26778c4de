import {ProxyError} from '../errors.js';
import type {NamePolicy} from '../forward/seams.js';
import {printable} from '../printable.js';

/** Names, and which of them are sure to be served by nobody else. */
export interface ServedNames extends NamePolicy {
	/**
	 * Whether a host is served because somebody asked for that. A certificate can be made out for more, such
	 * as `*.example.com`, and what is found under those names need not come from here.
	 */
	isAskedFor(host: string): boolean;
}

/**
 * Serves `localhost`, every `*.localhost`, 127.0.0.1, ::1, and the names given.
 *
 * @param names further host names and addresses, lower case; `*.app.test` for every name below app.test
 * @param vouchesFor names that the user's own certificate is made out for
 */
export function servedNames(
	names: readonly string[],
	vouchesFor: (host: string) => boolean = () => false,
): ServedNames {
	const exact = new Set(['localhost', '127.0.0.1', '::1', ...names]);
	/** What follows the asterisk: `.app.test`. */
	const below = new Set(names.filter(name => name.startsWith('*.')).map(name => name.slice(1)));
	const isAskedFor = (host: string): boolean =>
		exact.has(host) || host.endsWith('.localhost') || (below.size > 0 && isBelow(host, below));
	const serves = (host: string): boolean => isAskedFor(host) || vouchesFor(host);
	return {
		serves,
		isAskedFor,
		admit(authority) {
			if (serves(authority.host)) {
				return undefined;
			}
			const name = printable(authority.host);
			return new ProxyError('name-not-served', 'downstream', `"${name}" is not served here`, {
				policy: 'names',
				hint: `to serve it, start Sealport with --name ${name}`,
			});
		},
	};
}

function isBelow(host: string, domains: ReadonlySet<string>): boolean {
	for (let dot = host.indexOf('.', 1); dot >= 0; dot = host.indexOf('.', dot + 1)) {
		if (domains.has(host.slice(dot))) {
			return true;
		}
	}
	return false;
}
