import type {ExchangeReport, Snapshot} from '../seams.js';
import type {Clock} from './clock.js';
import type {Pools} from './upstream/pool.js';

/** Bounds on what one client may take, in milliseconds and octets. */
export interface Limits {
	/** How long a request's head may take. */
	readonly head: number;
	/** How long a connection may stay open without a request, and how long a body may stand still. */
	readonly idle: number;
	/** Largest head of a request. */
	readonly headSize: number;
	/** Most header fields of a request. */
	readonly fields: number;
}

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
