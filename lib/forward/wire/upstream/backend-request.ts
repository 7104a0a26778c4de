/** What a request needs on its way to a backend. */
export interface Outgoing {
	/** The head as HTTP/1.1 has it, ready to be sent. */
	readonly head: Buffer;
	readonly method: string;
	/** Whether its method allows that it is sent once more; whether its body does is for the request to see. */
	readonly replayable: boolean;
	/** Puts the body into chunks, as the head says; without that, it is framed already. */
	readonly chunk: boolean;
	/** Takes the chunks off a chunked response. */
	readonly unchunk: boolean;
}

/** One request to a backend, whatever the backend speaks. What comes back is given to its sink. */
export interface BackendRequest {
	/**
	 * Sends the head.
	 *
	 * @param body what has come of the body with it
	 * @param complete whether that is all
	 */
	start(body: Buffer | undefined, complete: boolean): void;
	/** @returns whether more can be taken at once; if not, `drained` of the sink says when */
	write(bytes: Buffer): boolean;
	/**
	 * All of the request has been handed over.
	 *
	 * @param trailers field lines, each with its line break; only behind a body that is chunked here
	 */
	finish(trailers?: string): void;
	/** Goes on after the sink has asked to wait. */
	resume(): void;
	/** Ends the writing side of a tunnel. */
	endTunnel(): void;
	/** The client of a tunnel has gone: what it has sent is still delivered. */
	closeTunnel(): void;
	/** Gives up, whatever has been sent or has come. Nothing is called any more. */
	abort(): void;
}
