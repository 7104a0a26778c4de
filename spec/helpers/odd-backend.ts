import type {Socket} from 'node:net';
import {type LaneName, laneNames} from '../../lib/config/options.js';
import type {Version} from './either.js';
import {ok} from './scripted.js';
import {openStage, type Stage} from './stage.js';

/** What a backend does for `/odd`. */
export type Oddity = (socket: Socket) => void;

/** By what way a backend is asked. */
export interface Way {
	readonly lane: LaneName;
	readonly version: Version;
	/** For titles. */
	readonly name: string;
}

/** Both lanes over HTTP/1.1, and the wire lane over HTTP/2: in the other one HTTP/2 is Node's. */
export const ways: readonly Way[] = [
	...laneNames.map(lane => ({lane, version: 'HTTP/1.1' as const, name: lane})),
	{lane: 'wire', version: 'HTTP/2', name: 'wire: HTTP/2'},
];

/** A stage whose backend misbehaves on demand. */
export interface OddStage {
	readonly way: Way;
	readonly stage: Stage;
	/** Says what it does from now on for `/odd`, and on each new connection. */
	behave(odd: Oddity, onConnection?: Oddity): void;
	/** How many requests came since then on a connection that had carried `/odd` before. */
	readonly reused: number;
}

/** Opens a stage whose backend answers `/odd` as told and everything else with `ok`. */
export async function openOddStage(way: Way): Promise<OddStage> {
	const carriedOdd = new WeakSet<Socket>();
	const unread = new WeakMap<Socket, string>();
	let behaviour: Oddity = () => undefined;
	let greeting: Oddity = () => undefined;
	let reused = 0;
	const stage = await openStage(
		{lane: way.lane},
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
		way,
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
