import type {Effective, Given} from './effective.js';
import {keepServing} from './keep-serving.js';
import {namingOrigin} from './origins.js';

/**
 * Serves what holds until a signal comes, and takes changes of the configuration file.
 *
 * @param given what it has come from, to ask again when a file has changed
 * @returns the exit code
 * @throws UserError whatever `serve` throws
 */
export async function serveEffective(_given: Given, holds: Effective): Promise<number> {
	try {
		return await keepServing(holds.options, holds.flags);
	} catch (error) {
		throw namingOrigin(error, holds.origins);
	}
}
