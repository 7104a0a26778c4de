import {UserError} from '../../errors.js';
import type {Flags} from '../flags.js';
import {keepServing} from '../keep-serving.js';
import {asksForOldWays, oldProxies} from '../local-ssl-proxy.js';
import {warn} from '../output.js';
import {serveOptions} from '../serve-options.js';
import {nearestCommand} from '../usage.js';

/**
 * `sealport [backend]`: wraps one backend, or what the flags of local-ssl-proxy name.
 *
 * @returns the exit code
 * @throws UserError `usage` when there is no backend, or more than one, or two ports to listen on
 */
export async function wrap(backend: string | undefined, flags: Flags): Promise<number> {
	const common = serveOptions(flags);
	if (asksForOldWays(flags)) {
		if (backend !== undefined) {
			throw new UserError(
				'usage',
				`two backends: ${JSON.stringify(backend)}, and the one of --source, --target, --hostname or --config`,
				{hint: 'leave out one of them; SEALPORT_TARGET and the like count, too'},
			);
		}
		if (flags.port !== undefined && flags.source !== undefined) {
			throw new UserError('usage', `two ports: --port ${flags.port} and --source ${flags.source}`, {
				hint: 'leave out one of them; SEALPORT_PORT and SEALPORT_SOURCE count, too',
			});
		}
		return keepServing(
			await oldProxies(flags, common, flags.quiet ? () => undefined : warn),
			flags,
		);
	}
	if (backend === undefined) {
		throw new UserError('usage', 'no backend given', {
			hint: 'name the port of your dev server, such as sealport 3000; see sealport --help',
		});
	}
	const meant = /^[a-z]+$/i.test(backend) ? nearestCommand(backend) : undefined;
	if (meant !== undefined) {
		throw new UserError('usage', `unknown command ${JSON.stringify(backend)}`, {
			hint: `did you mean sealport ${meant}? see sealport --help`,
		});
	}
	return keepServing([{...common, routes: backend}], flags);
}
