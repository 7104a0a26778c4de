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
 * Finds every place on a machine where a root can be trusted. Where that goes wrong, one place that cannot
 * be looked at stands for those of that kind.
 *
 * @param wanted which stores; all of them when left out
 */
export async function findPlaces(
	machine: Machine,
	wanted: readonly StoreName[] = storeNames,
): Promise<readonly Place[]> {
	const asked = finders.filter(([store]) => wanted.includes(store));
	const found = asked.map(async ([store, find]) => {
		try {
			return await find(machine);
		} catch (error) {
			return [notFound(store, error)];
		}
	});
	return (await Promise.all(found)).flat();
}

function notFound(store: StoreName, error: unknown): Place {
	const fail = async () => {
		throw error;
	};
	return {
		...{store, label: `all of the kind ${store}`, by: 'person'},
		...{look: fail, add: fail, remove: fail},
	};
}
