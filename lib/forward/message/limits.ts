/** Bounds on what one client may take, in milliseconds and bytes. */
export interface Limits {
	/** How long a request's head may take. */
	readonly head: number;
	/** How long a connection may stay open without a request. */
	readonly idle: number;
	/** Largest head of a request. */
	readonly headSize: number;
}
