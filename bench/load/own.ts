import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {end, forkOwn} from '../measure/children.js';
import type {Endpoint} from '../peers/running.js';
import type {Load} from './load.js';

/** What a generator of the bench's own says when it is asked to stop. */
export interface Summary {
	readonly done: number;
	readonly failed: number;
	/** Of the first failure. */
	readonly why?: string;
}

/**
 * Starts a generator of our own: a process that loads until it gets a message, and answers with its
 * summary.
 */
export function ownLoad(
	module: string,
	{port, host}: Endpoint,
	connections: number,
	paths: readonly string[] = [],
): Load {
	const child = forkOwn(new URL(module, import.meta.url), [
		`${port}`,
		host,
		`${connections}`,
		...paths,
	]);
	const answer = once(child, 'message') as Promise<[Summary]>;
	return {
		lasts: Number.POSITIVE_INFINITY,
		abandon: () => end(child),
		async end() {
			child.send('stop');
			const [summary] = await Promise.race([answer, sleep(30_000, [undefined], {ref: false})]);
			await end(child);
			if (summary === undefined || summary.done === 0 || summary.failed > 0) {
				const {done = 0, failed = 0, why = 'no answer'} = summary ?? {};
				throw new Error(`${done} done, ${failed} failed: ${why}`);
			}
		},
	};
}
