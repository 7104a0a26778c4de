import type {TLSSocket} from 'node:tls';
import type {Lane} from './lane.js';

/**
 * A lane that is loaded when its first connection comes.
 *
 * @param load is called once
 */
export function lazyLane(load: () => Promise<Lane>): Lane {
	let loaded: Promise<Lane> | undefined;
	let lane: Lane | undefined;
	let state: 'open' | 'draining' | 'closed' = 'open';
	const open = async (): Promise<Lane> => {
		lane = await load();
		if (state === 'closed') {
			lane.close();
		}
		return lane;
	};
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
			lane?.close();
		},
	};
}
