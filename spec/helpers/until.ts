import {setTimeout as pause} from 'node:timers/promises';

/**
 * Waits until something holds, however long that takes on a busy machine, and fails after a limit
 * that only a fault reaches.
 *
 * @param what says in the error's text what did not come about
 * @param holds asked again and again
 */
export async function until(
	what: string,
	holds: () => boolean | Promise<boolean>,
	limit = 45_000,
): Promise<void> {
	const began = performance.now();
	while (!(await holds())) {
		if (performance.now() - began > limit) {
			throw new Error(`not within ${limit} ms: ${what}`);
		}
		await pause(20);
	}
}
