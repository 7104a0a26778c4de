import {UserError} from '../../errors.js';
import {asksForOldWays, type Flags} from '../flags.js';
import {keepServing} from '../keep-serving.js';
import {warn} from '../output.js';
import {routesFrom, serveOptions} from '../serve-options.js';

/**
 * `sealport [backend]`: wraps one backend, what the flags of local-ssl-proxy name, or without any of them
 * the one dev server that runs on this machine.
 *
 * @returns the exit code
 * @throws UserError `usage` when no dev server is found, or more than one backend is named, or two ports to listen on
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
		const {findBackend} = await import('../find-backend.js');
		const found = await findBackend(flags);
		return found === undefined ? 2 : keepServing([{...common, routes: found}], flags);
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
