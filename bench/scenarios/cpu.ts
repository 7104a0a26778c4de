import {setTimeout as sleep} from 'node:timers/promises';
import type {Backend} from '../backend/backend.js';
import type {Counts} from '../backend/counts.js';
import type {Load} from '../load/load.js';
import {median} from '../measure/statistics.js';
import type {Traffic} from '../peers/peer.js';
import {type Endpoint, type Running, runPeer} from '../peers/running.js';
import type {Bench, Contestant, Row, Scenario} from './scenario.js';

/** What a scenario about CPU time is made of. */
export interface Costs {
	readonly name: string;
	readonly title: string;
	/** What a peer must carry to take part. */
	readonly traffic: Traffic;
	readonly unit: string;
	/** Units of CPU time in a second: 1e6 for microseconds. */
	readonly scale: number;
	/** How many units of work the backend has done. */
	units(counts: Counts): number;
	/** Load for so many seconds. */
	load(to: Endpoint, seconds: number): Promise<Load>;
}

/** What a peer has taken and the backend has done by now. */
interface Mark {
	readonly at: number;
	readonly cpu: number;
	readonly counts: Counts;
}

/** The backend needs a moment to answer; what the peer takes meanwhile is halved between both sides. */
const mark = async (running: Running, backend: Backend): Promise<Mark> => {
	const before = running.cpu();
	const counts = await backend.counts();
	const at = performance.now() / 1000;
	return {at, cpu: (before + running.cpu()) / 2, counts};
};

/** One figure of one peer. */
interface Sample {
	readonly cost: number;
	/** Units a second of wall time, and of a backend's connection: for information. */
	readonly rate: number;
	readonly perConnection: number;
}

/** Room for what the machine does in between, in seconds. */
const slack = 0.3;

const sample = async (
	costs: Costs,
	running: Running,
	{backend, effort}: Bench,
): Promise<Sample> => {
	const seconds = effort.warmUp + effort.interval + slack;
	const load = await costs.load(running, seconds);
	await sleep(effort.warmUp * 1000);
	const from = await mark(running, backend);
	await sleep(effort.interval * 1000);
	const to = await mark(running, backend);
	await load.end();
	const units = costs.units(to.counts) - costs.units(from.counts);
	if (units <= 0) {
		throw new Error('the backend was not asked for anything');
	}
	const connections = to.counts.connections - from.counts.connections;
	return {
		cost: ((to.cpu - from.cpu) / units) * costs.scale,
		rate: units / (to.at - from.at),
		perConnection: units / connections,
	};
};

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
class Turn {
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
					perSecond: median(good.map(({rate}) => rate)),
					perBackendConnection: median(good.map(({perConnection}) => perConnection)),
				},
			}),
		};
	}
}

/** The order changes from round to round, so that no peer always comes after the same one. */
const rotated = <T>(all: readonly T[], by: number): readonly T[] => [
	...all.slice(by % all.length),
	...all.slice(0, by % all.length),
];

/**
 * A scenario that measures CPU time, user and system, of all processes of a peer, per unit of work. Peers
 * are measured in turns; the backend counts the units.
 */
export function cpuScenario(costs: Costs): Scenario {
	return {
		name: costs.name,
		title: costs.title,
		unit: costs.unit,
		async run(bench) {
			const turns = bench.contestants
				.filter(({peer}) => peer.carries.includes(costs.traffic))
				.map(contestant => new Turn(contestant));
			for (const turn of turns) {
				bench.progress(`${costs.name}: warming up ${turn.contestant.peer.name}`);
				await turn.begin(costs, bench);
			}
			for (let round = 0; round < bench.effort.rounds; round++) {
				for (const turn of rotated(turns, round)) {
					bench.progress(
						`${costs.name}: round ${round + 1} of ${bench.effort.rounds}, ${turn.contestant.peer.name}`,
					);
					await turn.measure(costs, bench);
				}
			}
			return Promise.all(turns.map(turn => turn.finish()));
		},
	};
}
