import type {Result} from '../scenarios/scenario.js';
import type {Verdict} from './claims.js';

/** A peer as it took part, or why it did not. */
export interface Entrant {
	readonly name: string;
	readonly version?: string;
	readonly settings?: string;
	/** What a client agreed on with it: protocol, cipher, group, key, ALPN. */
	readonly agreed?: string;
	readonly missing?: string;
}

/** All that a run has found out. */
export interface Report {
	readonly date: string;
	readonly machine: string;
	/** Load averages at the end, of 1, 5 and 15 minutes. */
	readonly busy: string;
	readonly node: string;
	readonly openssl: string;
	readonly load: string;
	readonly effort: string;
	readonly entrants: readonly Entrant[];
	readonly results: readonly Result[];
	readonly verdicts: readonly Verdict[];
}
