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
export interface Sample {
	readonly cost: number;
	/** Units a second of wall time, for information. */
	readonly rate: number;
	/** Connections to the backend opened for a unit: none where connections are kept. */
	readonly connections: number;
}

/** Room for what the machine does in between, in seconds. */
const slack = 0.3;

export const sample = async (
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
	return {
		cost: ((to.cpu - from.cpu) / units) * costs.scale,
		rate: units / (to.at - from.at),
		connections: (to.counts.connections - from.counts.connections) / units,
	};
};
