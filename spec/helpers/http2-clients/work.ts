const mebibyte = 2 ** 20;

/**
 * Bytes of each upload and of each download. 64 MiB, so that it is over soon with every client;
 * SEALPORT_SPEC_FULL asks for the 1 GiB that is promised.
 */
export const size = (process.env.SEALPORT_SPEC_FULL === undefined ? 64 : 1024) * mebibyte;

/** What a client that cancels has had of the whole by then. */
export const half = size / 2;

/** How many modules the page has. */
export const moduleCount = 1000;

/** How long a client may take for all of it, in milliseconds. */
export const patience = process.env.SEALPORT_SPEC_FULL === undefined ? 170_000 : 900_000;

/** What a client says of its work, after it has checked what came. */
export interface Account {
	/** Modules that came, and ran where the client runs modules. */
	readonly modules: number;
	/** Bytes that the backend said it had. */
	readonly uploaded: number;
	/** Bytes that came, all of them right. */
	readonly downloaded: number;
	/** Bytes that came of the download that was cancelled. */
	readonly downloadedInPart: number;
	/** Events of the one stream that was open from the beginning to the end. */
	readonly events: number;
	/** Messages that came back over the one WebSocket that was open from the beginning to the end. */
	readonly echoes: number;
}
