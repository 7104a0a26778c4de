import {findJava} from './java.js';
import {findLinux} from './linux.js';
import type {Machine} from './machine.js';
import {findMacos} from './macos.js';
import {findNss} from './nss.js';
import type {FindPlaces, Place, StoreName} from './place.js';
import {findWindows} from './windows.js';
import {findWsl} from './wsl.js';

/**
 * The kinds of trust stores, in the order in which they are changed: changing the system's changes some
 * keystores of Java, too.
 */
export const storeNames: readonly StoreName[] = ['system', 'windows', 'nss', 'java'];

/** Who finds the places of which store. */
const finders: ReadonlyArray<readonly [StoreName, FindPlaces]> = [
	['system', findLinux],
	['system', findMacos],
	['system', findWindows],
	['windows', findWsl],
	['nss', findNss],
	['java', findJava],
];

/**
 * Finds every place on a machine where a root can be trusted.
 *
 * @param wanted which stores; all of them when left out
 */
export async function findPlaces(
	machine: Machine,
	wanted: readonly StoreName[] = storeNames,
): Promise<readonly Place[]> {
	const asked = finders.filter(([store]) => wanted.includes(store));
	return (await Promise.all(asked.map(([, find]) => find(machine)))).flat();
}
