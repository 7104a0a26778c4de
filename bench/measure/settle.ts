import {setTimeout as sleep} from 'node:timers/promises';

/**
 * The least of a value that falls while nothing happens, such as the memory of a program that collects
 * garbage when it is idle.
 *
 * @param seconds how long to watch it
 */
export async function least(value: () => number, seconds: number): Promise<number> {
	const until = performance.now() + seconds * 1000;
	let found = value();
	while (performance.now() < until) {
		await sleep(500);
		found = Math.min(found, value());
	}
	return found;
}
