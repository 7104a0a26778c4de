import {findLinux} from './linux.js';
import type {Machine} from './machine.js';
import type {FindPlaces, Place, StoreName} from './place.js';

/** Who finds the places of which store. */
const finders: ReadonlyArray<readonly [StoreName, FindPlaces]> = [['system', findLinux]];

/**
 * Finds every place on a machine where a root can be trusted.
 *
 * @param wanted which stores; all of them when left out
 */
export async function findPlaces(
	machine: Machine,
	wanted?: readonly StoreName[],
): Promise<readonly Place[]> {
	const asked = finders.filter(([store]) => wanted === undefined || wanted.includes(store));
	return (await Promise.all(asked.map(([, find]) => find(machine)))).flat();
}
