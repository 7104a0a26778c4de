import type {Backend} from '../backend/backend.js';
import type {Found, Peer} from '../peers/peer.js';
import type {Ground} from '../peers/running.js';

/** A peer that takes part. */
export interface Contestant {
	readonly peer: Peer;
	readonly found: Found;
}

/** How thoroughly to measure. */
export interface Effort {
	/** How often each peer is measured, in turns with the others. */
	readonly rounds: number;
	/** How long each time, in seconds. */
	readonly interval: number;
	/** Load before each time, in seconds. */
	readonly warmUp: number;
	/** CPU time to be taken before the first time by peers that compile while they run, in seconds. */
	readonly firstWarmUp: number;
	/** How often each peer is started. */
	readonly starts: number;
	/** Connections for the scenario about memory, and how long to wait for memory to settle, in seconds. */
	readonly idleConnections: number;
	readonly settle: number;
}

/** What a scenario is run on. */
export interface Bench {
	readonly contestants: readonly Contestant[];
	readonly effort: Effort;
	readonly backend: Backend;
	readonly ground: Ground;
	/** Whether time is up: what is not needed is left out then. */
	hurries(): boolean;
	/** Says to whoever waits what is being done. */
	progress(text: string): void;
}

/** Note of a peer that was not measured any more. */
export const noTime = 'left out, there was no time';

/** A peer's figures in a scenario. */
export interface Row {
	readonly peer: string;
	/** One figure a round, in the scenario's unit; undefined where the round failed. */
	readonly rounds: readonly (number | undefined)[];
	/** Why there are no figures, or what else was noticed. */
	readonly note?: string;
	/** Further figures, by what the table calls them. */
	readonly more?: Readonly<Record<string, number>>;
}

/** Outcome of a scenario. */
export interface Result {
	readonly scenario: string;
	readonly title: string;
	readonly unit: string;
	readonly rows: readonly Row[];
}

/** Something to measure. */
export interface Scenario {
	readonly name: string;
	readonly title: string;
	readonly unit: string;
	run(bench: Bench): Promise<readonly Row[]>;
}
