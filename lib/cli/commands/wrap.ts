import {UserError} from '../../errors.js';
import {asksForOldWays, type Flags} from '../flags.js';
import {keepServing} from '../keep-serving.js';
import {warn} from '../output.js';
import {routesFrom, serveOptions} from '../serve-options.js';

/**
 * `sealport [backend]`: wraps one backend, or what the flags of local-ssl-proxy name.
 *
 * @returns the exit code
 * @throws UserError `usage` when there is no backend, or more than one, or two ports to listen on
 */
export async function wrap(backend: string | undefined, flags: Flags): Promise<number> {
	const common = await serveOptions(flags);
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
		const {oldProxies} = await import('../local-ssl-proxy.js');
		return keepServing(
			await oldProxies(flags, common, flags.quiet ? () => undefined : warn),
			flags,
		);
	}
	if (flags.route !== undefined && flags.route.length > 0) {
		return keepServing([{...common, routes: routesFrom(flags.route, backend)}], flags);
	}
	if (backend === undefined) {
		throw new UserError('usage', 'no backend given', {
			hint: 'name the port of your dev server, such as sealport 3000; see sealport --help',
		});
	}
	const meant = /^[a-z]+$/i.test(backend) ? await commandLike(backend) : undefined;
	if (meant !== undefined) {
		throw new UserError('usage', `unknown command ${JSON.stringify(backend)}`, {
			hint: `did you mean sealport ${meant}? see sealport --help`,
		});
	}
	return keepServing([{...common, routes: backend}], flags);
}

async function commandLike(word: string): Promise<string | undefined> {
	const {nearestCommand} = await import('../usage.js');
	return nearestCommand(word);
}
