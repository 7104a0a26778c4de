/** What the backend has done since it started: the units that costs are divided by. */
export interface Counts {
	/** Responses begun, upgrades included. */
	requests: number;
	/** Bytes of bodies of large responses, taken over by the kernel. */
	bytes: number;
	/** WebSocket messages sent back. */
	messages: number;
	/** Connections accepted. */
	connections: number;
}
