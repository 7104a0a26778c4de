import {once} from 'node:events';
import {end, forkOwn} from '../measure/children.js';

/** Sockets of one process. */
const each = 1000;

/**
 * Opens sockets that have nothing to do with the bench, as other programs of a machine have them.
 *
 * @param count in thousands a process
 * @returns closes them
 */
export async function openSockets(count: number): Promise<() => Promise<void>> {
	const children = Array.from({length: count / each}, () =>
		forkOwn(new URL('sockets-process.js', import.meta.url), [`${each / 2}`]),
	);
	await Promise.all(children.map(child => once(child, 'message')));
	return async () => {
		await Promise.all(children.map(end));
	};
}
