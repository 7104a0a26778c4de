import {setTimeout as sleep} from 'node:timers/promises';
import type {Backend} from '../backend/backend.js';
import type {Counts} from '../backend/counts.js';
import type {Load} from '../load/load.js';
import type {Traffic} from '../peers/peer.js';
import type {Endpoint, Running} from '../peers/running.js';
import type {Bench} from './scenario.js';

/** What a scenario about CPU time is made of. */
export interface Costs {
	readonly name: string;
	readonly title: string;
	/** What a peer must carry to take part. */
	readonly traffic: Traffic;
	readonly unit: string;
	/** Units of CPU time in a second: 1e6 for microseconds. */
	readonly scale: number;
	/** How many connections the load opens: as soon as so many requests were seen, it flows. */
	readonly connections: number;
	/** How many units of work the backend has done. */
	units(counts: Counts): number;
	/** Load for so many seconds. */
	load(to: Endpoint, seconds: number): Promise<Load>;
}

const now = (): number => performance.now() / 1000;

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
	const at = now();
	return {at, cpu: (before + running.cpu()) / 2, counts};
};

/** One figure of one peer. */
export interface Sample {
	readonly cost: number;
	/** Units a second of wall time, for information. */
	readonly rate: number;
	/** Connections to the backend opened for a unit: none where connections are kept. */
	readonly connections: number;
}

/** Room for what the machine does in between, in seconds. */
const slack = 0.3;

/** Load that has begun. */
interface Flow {
	readonly load: Load;
	/** When it ends by itself, in seconds. */
	readonly until: number;
}

/** How long load takes to begin on a peer: learnt from the first times, for h2load has to be told before. */
export class Connecting {
	/** In seconds, with room. */
	seconds = 0.4;

	/** Notes that it took so long, or longer than was thought. */
	learn(seconds: number): void {
		this.seconds = Math.max(this.seconds, Math.min(1.5 * seconds, 15));
	}
}

/**
 * Starts load and waits until it flows, so that connecting is no part of what is measured.
 *
 * @param seconds how long it is to flow
 * @throws Error when it takes longer to begin than was thought
 */
const flow = async (
	costs: Costs,
	running: Running,
	backend: Backend,
	seconds: number,
	connecting: Connecting,
): Promise<Flow> => {
	const {requests} = await backend.counts();
	const begun = now();
	const limit = connecting.seconds + seconds;
	const load = await costs.load(running, limit);
	while ((await backend.counts()).requests < requests + costs.connections) {
		if (now() > begun + limit) {
			await load.abandon();
			connecting.learn(2 * limit);
			throw new Error(`no load within ${limit.toFixed(1)} s: the machine does too much else`);
		}
		await sleep(10);
	}
	connecting.learn(now() - begun);
	return {load, until: begun + load.lasts};
};

/** How often to try to warm a peer up, and for how long one that needs little of it, in seconds. */
const attempts = 4;
const shortWarmUp = 0.1;

/**
 * Load until the peer has taken as much CPU time as it is to get, in seconds: on a machine that does other
 * things as well, wall time says nothing about how much of a program has been compiled.
 *
 * @param compiles whether the peer is compiled while it runs
 */
export async function warmUp(
	costs: Costs,
	running: Running,
	{backend, effort}: Bench,
	connecting: Connecting,
	compiles: boolean,
): Promise<void> {
	const seconds = compiles ? effort.firstWarmUp : shortWarmUp;
	const enough = running.cpu() + (compiles ? seconds : 0.01);
	for (let left = attempts; left > 0 && running.cpu() < enough; left--) {
		try {
			const {load, until} = await flow(costs, running, backend, seconds, connecting);
			await sleep(1000 * Math.max(0, Math.min(seconds, until - now())));
			await load.end();
		} catch {
			// What fails will fail again when it counts.
		}
	}
}

/**
 * Measures once.
 *
 * @throws Error when the load does not go as it should
 */
export async function sample(
	costs: Costs,
	running: Running,
	{backend, effort}: Bench,
	connecting: Connecting,
): Promise<Sample> {
	const seconds = effort.warmUp + effort.interval + slack;
	const {load, until} = await flow(costs, running, backend, seconds, connecting);
	await sleep(effort.warmUp * 1000);
	const from = await mark(running, backend);
	await sleep(effort.interval * 1000);
	const to = await mark(running, backend);
	await load.end();
	const units = costs.units(to.counts) - costs.units(from.counts);
	if (to.at > until || units <= 0) {
		throw new Error('the load ended before the measurement: the machine does too much else');
	}
	return {
		cost: ((to.cpu - from.cpu) / units) * costs.scale,
		rate: units / (to.at - from.at),
		connections: (to.counts.connections - from.counts.connections) / units,
	};
}
