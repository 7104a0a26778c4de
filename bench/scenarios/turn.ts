import {median} from '../measure/statistics.js';
import {type Running, runPeer} from '../peers/running.js';
import {Connecting, type Costs, type Sample, sample, warmUp} from './sample.js';
import type {Bench, Contestant, Row} from './scenario.js';

/** One peer while a scenario lasts. */
export class Turn {
	readonly contestant: Contestant;
	readonly #connecting = new Connecting();
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
			await warmUp(costs, running, bench, this.#connecting, peer.warmsUp ?? false);
		}
	}

	/** Measures it once more. */
	async measure(costs: Costs, bench: Bench): Promise<void> {
		const running = this.#running;
		this.#samples.push(
			running && (await this.#attempt(() => sample(costs, running, bench, this.#connecting))),
		);
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
