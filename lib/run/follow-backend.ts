import {setTimeout as pause} from 'node:timers/promises';
import {accepts} from './accepts.js';

/** What to do about a dev server that is starting. */
export interface Follower {
	/** The port that it was told to listen on. */
	readonly port: number;
	/** The port of a page that it serves elsewhere. */
	readonly otherPort: () => Promise<number | undefined>;
	/** It accepts connections there: on its port, or on another, which may change. */
	readonly onPort: (port: number) => Promise<void>;
	/** It has listened nowhere for ten seconds. */
	readonly onLate: () => void;
}

/** Milliseconds. */
const times = {look: 100, lookElsewhere: 1000, late: 10_000};

/**
 * Follows a dev server until it accepts connections on its port. One that serves pages on another port, as
 * seen twice, is found there, and its own port still counts for more.
 *
 * @param signal stops following
 */
export async function followBackend(follower: Follower, signal: AbortSignal): Promise<void> {
	const {port} = follower;
	const began = performance.now();
	let current: number | undefined;
	let seen: number | undefined;
	let nextLook = began + times.lookElsewhere;
	let isLate = false;
	while (!signal.aborted) {
		if (await accepts(port)) {
			await follower.onPort(port);
			return;
		}
		const now = performance.now();
		if (now > nextLook) {
			nextLook = now + times.lookElsewhere;
			const other = await follower.otherPort();
			if (other !== undefined && other === seen && other !== current && !signal.aborted) {
				current = other;
				await follower.onPort(other);
			}
			seen = other;
		}
		if (!isLate && current === undefined && now - began > times.late) {
			isLate = true;
			follower.onLate();
		}
		await pause(current === undefined ? times.look : times.lookElsewhere, undefined, {
			signal,
		}).catch(() => undefined);
	}
}
