import type {Limits} from '../limits.js';
import type {ExchangeReport, Snapshot} from '../seams.js';
import type {Clock} from './clock.js';
import type {Pools} from './upstream/pool.js';

/** What every connection of the lane has at hand. */
export interface WireContext {
	/** The configuration in force. An exchange ends with the one it began with. */
	readonly snapshot: () => Snapshot;
	readonly pools: Pools;
	readonly limits: Limits;
	readonly clock: Clock;
	readonly draining: () => boolean;
	/** Told of every exchange when it is over. */
	readonly report: (report: ExchangeReport) => void;
}
