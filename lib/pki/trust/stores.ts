import type {Machine} from './machine.js';
import type {Place, StoreName} from './place.js';

/** The kinds of trust stores. */
export const storeNames: readonly StoreName[] = ['system', 'windows', 'nss', 'java'];

/** Finds every place on a machine where a root can be trusted. Stub until stores come. */
export async function findPlaces(
	_machine: Machine,
	_wanted: readonly StoreName[] = storeNames,
): Promise<readonly Place[]> {
	return [];
}
