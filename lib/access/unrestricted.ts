import type {Entrance, Policy} from '../forward/seams.js';

/** Who may connect, compiled: one for each configuration. */
export interface Access {
	/** What admits requests, whatever their route. */
	readonly policies: readonly Policy[];
	readonly entrance: Entrance;
	/** What has to be found out about clients as they connect. */
	readonly asks: {
		readonly peers: boolean;
		/** A certificate that this authority has verified. */
		readonly certificate: string | undefined;
	};
	/** What a person should know, in sentences without a full stop. */
	readonly warnings: readonly string[];
	/** What the address at which a browser is let in by a token is, given the one without. */
	readonly link: ((url: string) => string) | undefined;
	/** Who can reach what, given the addresses listened on. */
	readonly reach: ((addresses: readonly string[]) => string) | undefined;
	/** The policies of a route, in the order of routes. */
	readonly routes: ReadonlyArray<readonly Policy[]>;
	/** Gives up what finds out who clients are. */
	close(): void;
}

/** Nobody is refused, but for the names that they ask for. */
export const unrestricted: Access = Object.freeze({
	policies: [],
	entrance: {admit: () => undefined, identify: () => undefined},
	asks: {peers: false, certificate: undefined},
	warnings: [],
	link: undefined,
	reach: undefined,
	routes: [],
	close: () => undefined,
});
