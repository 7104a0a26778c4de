/** Bounds on what one client may take; durations in milliseconds. */
export interface Limits {
	/** How long a request's head may take. */
	readonly head: number;
	/** How long a connection may stay open without a request. */
	readonly idle: number;
	/** Largest head of a request, in bytes. */
	readonly headSize: number;
	/** Most header fields of a request. */
	readonly fields: number;
}
