/** What a route matches. */
export interface Match {
	/** As people write it: `/`, `api.localhost`, `*.app.localhost/admin`. */
	readonly text: string;
	/** Lower case; `*.app.localhost` for every name below it; `undefined` for every host. */
	readonly host: string | undefined;
	/** Starts with a slash. */
	readonly prefix: string;
	/** Matched in place of a prefix. */
	readonly pattern: RegExp | undefined;
}

/** What every request matches. */
export const everything: Match = Object.freeze({
	text: '/',
	host: undefined,
	prefix: '/',
	pattern: undefined,
});
