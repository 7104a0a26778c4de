import {type Effective, effective, type Given} from './effective.js';
import {keepServing} from './keep-serving.js';
import {namingOrigin} from './origins.js';

/**
 * Serves what holds until a signal comes, and takes changes of the configuration file.
 *
 * @param given what it has come from, to ask again when a file has changed
 * @returns the exit code
 * @throws UserError whatever `serve` throws
 */
export async function serveEffective(given: Given, holds: Effective): Promise<number> {
	try {
		return await keepServing(holds.options, holds.flags, undefined, {
			holds,
			again: files => effective(given, {files}),
		});
	} catch (error) {
		throw namingOrigin(error, holds.origins);
	}
}
