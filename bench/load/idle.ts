import {once} from 'node:events';
import {end, forkOwn} from '../measure/children.js';
import type {Endpoint} from '../peers/running.js';

/** Connections that do nothing. */
export interface Idle {
	/** How many the peer has not closed. */
	open(): Promise<number>;
	/** Closes them. */
	end(): Promise<void>;
}

/** Opens connections, each used for one request, and waits until all have been tried. */
export async function openIdle({port, host}: Endpoint, connections: number): Promise<Idle> {
	const child = forkOwn(new URL('idle-process.js', import.meta.url), [
		`${port}`,
		host,
		`${connections}`,
	]);
	await once(child, 'message');
	return {
		async open() {
			const answer = once(child, 'message') as Promise<[number]>;
			child.send('open');
			return (await answer)[0];
		},
		end: () => end(child),
	};
}
