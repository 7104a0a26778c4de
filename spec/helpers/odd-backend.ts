import type {Socket} from 'node:net';
import type {LaneName} from '../../lib/config/options.js';
import {ok} from './scripted.js';
import {openStage, type Stage} from './stage.js';

/** What a backend does for `/odd`. */
export type Oddity = (socket: Socket) => void;

/** A stage whose backend misbehaves on demand. */
export interface OddStage {
	readonly stage: Stage;
	/** Says what it does from now on for `/odd`, and on each new connection. */
	behave(odd: Oddity, onConnection?: Oddity): void;
	/** How many requests came since then on a connection that had carried `/odd` before. */
	readonly reused: number;
}

/** Opens a stage whose backend answers `/odd` as told and everything else with `ok`. */
export async function openOddStage(lane: LaneName): Promise<OddStage> {
	const carriedOdd = new WeakSet<Socket>();
	const unread = new WeakMap<Socket, string>();
	let behaviour: Oddity = () => undefined;
	let greeting: Oddity = () => undefined;
	let reused = 0;
	const stage = await openStage(
		{lane},
		(socket, bytes) => {
			const heads = ((unread.get(socket) ?? '') + bytes).split('\r\n\r\n');
			unread.set(socket, heads.pop() ?? '');
			for (const head of heads) {
				reused += carriedOdd.has(socket) ? 1 : 0;
				if (head.includes(' /odd ')) {
					carriedOdd.add(socket);
					behaviour(socket);
				} else if (socket.writable) {
					socket.write(ok);
				}
			}
		},
		socket => greeting(socket),
	);
	return {
		stage,
		behave(odd, onConnection = () => undefined) {
			behaviour = odd;
			reused = 0;
			// What an earlier test has left behind is not this one's.
			for (const socket of stage.open) {
				socket.destroy();
			}
			greeting = onConnection;
		},
		get reused() {
			return reused;
		},
	};
}
