import {setTimeout as sleep} from 'node:timers/promises';
import {median} from '../measure/statistics.js';
import {type Running, runPeer} from '../peers/running.js';
import {type Costs, type Sample, sample} from './sample.js';
import type {Bench, Contestant, Row} from './scenario.js';

/**
 * Load until the peer has taken as much CPU time as it is to get, in seconds: on a machine that does other
 * things as well, wall time says nothing about how much of a program has been compiled.
 */
const warmUp = async (costs: Costs, running: Running, seconds: number): Promise<void> => {
	const enough = running.cpu() + seconds / 2;
	for (let left = 4; left > 0 && running.cpu() < enough; left--) {
		const load = await costs.load(running, seconds);
		await sleep(seconds * 1000);
		await load.end().catch(() => {
			// What fails will fail again when it counts.
		});
	}
};

/** One peer while a scenario lasts. */
export class Turn {
	readonly contestant: Contestant;
	readonly #samples: (Sample | undefined)[] = [];
	#running: Running | undefined;
	#fault: string | undefined;

	constructor(contestant: Contestant) {
		this.contestant = contestant;
	}

	async #attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
		try {
			return await action();
		} catch (error) {
			this.#fault = (error as Error).message;
			return undefined;
		}
	}

	/** Starts the peer and warms it up. */
	async begin(costs: Costs, bench: Bench): Promise<void> {
		const {peer, found} = this.contestant;
		this.#running = await this.#attempt(() => runPeer(peer, found, bench.ground));
		const running = this.#running;
		if (running) {
			await warmUp(costs, running, bench.effort.firstWarmUp);
		}
	}

	/** Measures it once more. */
	async measure(costs: Costs, bench: Bench): Promise<void> {
		const running = this.#running;
		this.#samples.push(running && (await this.#attempt(() => sample(costs, running, bench))));
	}

	async finish(): Promise<Row> {
		await this.#running?.stop();
		const good = this.#samples.filter(each => each !== undefined);
		return {
			peer: this.contestant.peer.name,
			rounds: this.#samples.map(each => each?.cost),
			...(this.#fault !== undefined && {note: `failed: ${this.#fault}`}),
			...(good.length > 0 && {
				more: {
					'a second': median(good.map(({rate}) => rate)),
					'new backend connections': median(good.map(({connections}) => connections)),
				},
			}),
		};
	}
}
