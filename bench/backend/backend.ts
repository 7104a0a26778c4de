import {once} from 'node:events';
import {forkOwn} from '../measure/children.js';
import type {Counts} from './counts.js';

/** The backend's process, as the bench sees it. */
export interface Backend {
	readonly port: number;
	/** What it has done so far. */
	counts(): Promise<Counts>;
}

/** Starts the one backend of a run. It ends with the bench. */
export async function startBackend(): Promise<Backend> {
	const child = forkOwn(new URL('server.js', import.meta.url), []);
	const answer = async <T>(): Promise<T> => (await once(child, 'message'))[0] as T;
	const {port} = await answer<{port: number}>();
	return {
		port,
		async counts() {
			const answered = answer<{counts: Counts}>();
			child.send('counts');
			return (await answered).counts;
		},
	};
}
