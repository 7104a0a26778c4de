import {FilesRead} from '../config/files-read.js';
import {UserError} from '../errors.js';
import type {RouteOptions, ServeOptions} from '../index.js';
import {type Effective, effective} from './effective.js';
import type {Flags} from './flags.js';

/**
 * What holds for a dev server that listens on a port: it is the route `/`, beside those of the flags and of the
 * configuration file.
 *
 * @param files is given the files that were read, also when that fails
 * @throws UserError
 */
export async function runOptions(
	port: number,
	flags: Flags,
	files = new FilesRead(),
): Promise<Effective & {readonly options: readonly [ServeOptions]}> {
	const holds = await effective({backend: String(port), flags}, {files});
	const [options, another] = holds.options;
	if (options === undefined || another !== undefined) {
		throw new UserError('usage', `${holds.file ?? 'the configuration'} asks for several proxies`, {
			hint: 'sealport run has one: give it another file by --config',
		});
	}
	return {...holds, options: [options]};
}

/** The same options for a dev server that listens on another port. */
export function movedTo(port: number, options: ServeOptions): ServeOptions {
	const {routes} = options;
	if (!isList(routes)) {
		return {...options, routes: port};
	}
	const others = routes.filter(({match}) => match !== '/');
	return {...options, routes: [{match: '/', backend: port}, ...others]};
}

function isList(routes: ServeOptions['routes']): routes is readonly RouteOptions[] {
	return Array.isArray(routes);
}
