/** A clock that is read more often than it is asked for: it moves when the lane looks after its deadlines. */
export interface Clock {
	/** Milliseconds, by `performance.now`, as of the last tick. */
	readonly now: number;
	/** By how many milliseconds it may be late. */
	readonly tick: number;
}
