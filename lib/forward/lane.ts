import type {TLSSocket} from 'node:tls';

/** Forwards the requests of every connection that it is given. */
export interface Lane {
	/** Takes a connection whose handshake is done. */
	accept(socket: TLSSocket): void;
	/** Tells clients that there will be no further requests; what runs goes on. */
	drain(): void;
	/** Gives up its timers and its connections to backends; those of clients belong to the listener. */
	close(): void;
}
