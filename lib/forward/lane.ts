import type {TLSSocket} from 'node:tls';

/** Forwards the requests of every connection that it is given. */
export interface Lane {
	/** Takes a connection whose handshake is done. */
	accept(socket: TLSSocket): void;
	/** The snapshot has been replaced: gives up what only the one before had use for, once it is free. */
	reloaded(): void;
	/** Tells clients that there will be no further requests; what runs goes on. */
	drain(): void;
	/** Gives up its timers and its connections to backends; those of clients belong to the listener. */
	close(): void;
}
