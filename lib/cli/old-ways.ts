import {UserError} from '../errors.js';
import type {Effective, Given, Surroundings} from './effective.js';
import {oldProxies} from './local-ssl-proxy.js';
import {warn} from './output.js';
import {serveOptions} from './serve-options.js';

/**
 * What the flags of local-ssl-proxy come to, or its configuration file.
 *
 * @param file of local-ssl-proxy's format, absolute
 * @throws UserError `usage` for flags that contradict each other, and what `oldProxies` throws
 */
export async function oldWays(
	{backend, flags}: Given,
	{notice, files}: Surroundings,
	file: string | undefined,
): Promise<Effective> {
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
	if (flags.route !== undefined && flags.route.length > 0) {
		throw new UserError(
			'usage',
			`--route ${flags.route.join(' ')} beside what local-ssl-proxy has`,
			{
				hint: 'name the backend as in sealport 3000 --route /api=4000, or put all into sealport.config.json',
			},
		);
	}
	const common = await serveOptions(flags);
	const silent = () => undefined;
	return {
		file,
		watched: files?.states ?? new Map(),
		options: await oldProxies(flags, common, notice ?? (flags.quiet ? silent : warn)),
		common,
		flags,
		command: undefined,
		origins: new Map(),
	};
}
