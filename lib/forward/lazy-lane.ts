import type {TLSSocket} from 'node:tls';
import type {Lane} from './lane.js';

/** Milliseconds after which it is loaded when no connection has come. */
const quietTime = 1_000;

/**
 * A lane that is loaded when its first connection comes, or soon after the start.
 *
 * @param load is called once, and again after it has failed
 */
export function lazyLane(load: () => Promise<Lane>): Lane {
	let loaded: Promise<Lane> | undefined;
	let lane: Lane | undefined;
	let state: 'open' | 'draining' | 'closed' = 'open';
	const open = async (): Promise<Lane> => {
		lane = await load().catch((error: unknown) => {
			loaded = undefined;
			throw error;
		});
		if (state === 'closed') {
			lane.close();
		}
		return lane;
	};
	// Not left to a moment at which there may be no descriptors for its files.
	const timer = setTimeout(() => {
		loaded ??= open();
		loaded.catch(() => {
			// Whoever needs it tries again.
		});
	}, quietTime);
	timer.unref();
	return {
		accept(socket: TLSSocket) {
			if (lane !== undefined) {
				lane.accept(socket);
				return;
			}
			loaded ??= open();
			loaded.then(
				ready => {
					if (!socket.destroyed) {
						ready.accept(socket);
					}
					if (state !== 'open') {
						// It has come before that, and was only waiting.
						ready.drain();
					}
				},
				() => socket.destroy(),
			);
		},
		drain() {
			state = 'draining';
			lane?.drain();
		},
		close() {
			state = 'closed';
			clearTimeout(timer);
			lane?.close();
		},
	};
}
