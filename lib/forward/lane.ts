import type {TLSSocket} from 'node:tls';
import type {Client} from './seams.js';

/** Forwards the requests of every connection that it is given. */
export interface Lane {
	/** Takes a connection whose handshake is done. */
	accept(socket: TLSSocket, client: Client): void;
	/**
	 * The snapshot has been replaced: gives up what only the one before had use for, once it is free.
	 *
	 * @param asksMore of clients than they were asked for as they connected, so that they have to do it again
	 */
	reloaded(asksMore: boolean): void;
	/** Tells clients that there will be no further requests; what runs goes on. */
	drain(): void;
	/** Gives up its timers and its connections to backends; those of clients belong to the listener. */
	close(): void;
}
