import type {Ends, Peers} from '../../../forward/seams.js';

/** What the thread that looks is asked. */
export interface Order {
	readonly id: number;
	readonly ends: Ends;
}

/** What it answers: who it is, or why that is not known. */
export type Answer =
	| {readonly id: number; readonly peers: Peers}
	| {readonly id: number; readonly failure: string};
