import {ProxyError} from '../errors.js';
import type {NamePolicy} from '../forward/seams.js';
import {printable} from '../printable.js';

/**
 * Serves `localhost`, every `*.localhost`, 127.0.0.1, ::1, and the names given.
 *
 * @param names further host names and addresses, lower case
 * @param vouchesFor names that the user's own certificate is made out for
 */
export function servedNames(
	names: readonly string[],
	vouchesFor: (host: string) => boolean = () => false,
): NamePolicy {
	const exact = new Set(['localhost', '127.0.0.1', '::1', ...names]);
	const serves = (host: string): boolean =>
		exact.has(host) || host.endsWith('.localhost') || vouchesFor(host);
	return {
		serves,
		admit(authority) {
			if (serves(authority.host)) {
				return undefined;
			}
			const name = printable(authority.host);
			return new ProxyError('name-not-served', 'downstream', `"${name}" is not served here`, {
				hint: `to serve it, start Sealport with --name ${name}`,
			});
		},
	};
}
