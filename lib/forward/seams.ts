import type {Agent} from 'node:http';
import type {OnReadOpts, Socket} from 'node:net';
import type {SecureContext} from 'node:tls';
import type {ProxyError} from '../errors.js';

/** Host and port that a request is meant for (RFC 9110 section 7.2). */
export interface Authority {
	/** Lower case, without a trailing dot; an IPv6 address without brackets. */
	readonly host: string;
	/** As the client wrote it; `undefined` when it left the port out. */
	readonly port: number | undefined;
	/** As the client wrote it, for the backend. */
	readonly text: string;
}

/** Where a backend listens. Frozen; its identity is what connection reuse goes by. */
export type Backend =
	| {
			readonly kind: 'tcp';
			/** `h2c`: HTTP/2 without TLS, known beforehand (RFC 9113 section 3.3). */
			readonly protocol: 'http/1.1' | 'h2c';
			/** Host name or address, IPv6 without brackets. */
			readonly host: string;
			readonly port: number;
			/** Path put before every request's path: empty, or starting and not ending with a slash. */
			readonly base: string;
			/** For people and for `--json`: `http://localhost:3000`, `h2c://localhost:50051`. */
			readonly label: string;
			readonly lastWords?: LastWords;
	  }
	| {
			readonly kind: 'unix';
			readonly protocol: 'http/1.1';
			readonly path: string;
			readonly base: '';
			/** `unix:/path/to.sock`. */
			readonly label: string;
			readonly lastWords?: LastWords;
	  };

/** What the backend's process has printed last, raw, where somebody knows. */
export type LastWords = () => string | undefined;

/** Where requests that match go. */
export interface Route {
	/** What the route matches, as people write it: `/`, `api.localhost`, `app.test/admin`. */
	readonly match: string;
	readonly backend: Backend;
	/** The path to ask the backend for, byte for byte but for what the route changes; never for `*`. */
	readonly pathFor: (target: string) => string;
	/** What http-proxy is to do: with it, requests of this route go by the message lane. */
	readonly proxy: ProxyOptions | undefined;
}

/** What http-proxy is asked to do for a route, by its own names. */
export interface ProxyOptions {
	readonly changeOrigin?: boolean;
	readonly headers?: Readonly<Record<string, string>>;
}

/** Finds the route of a request. */
export interface Router {
	readonly routes: readonly Route[];
	match(authority: Authority, path: string): Route | undefined;
}

/** Decides whether a request may go on. */
export interface Policy {
	/** Returns what refuses the request, or `undefined` to admit it. */
	admit(authority: Authority): ProxyError | undefined;
}

/** Decides by host name, which is what makes DNS rebinding fail: a foreign name gets no further. */
export interface NamePolicy extends Policy {
	/** Whether requests for this host are served. Lower case, IPv6 without brackets. */
	serves(host: string): boolean;
}

/** Opens connections to backends. */
export interface Dialer {
	/**
	 * Opens one connection.
	 *
	 * @param signal gives up at once
	 * @param wanted asked before every further try: whether anybody still waits for the
	 * connection; always, by default
	 * @param reading reads into a buffer of the caller's, instead of 'data' events
	 * @throws ProxyError `backend-refused` or `backend-timeout`
	 */
	dial(
		backend: Backend,
		signal: AbortSignal,
		wanted?: () => boolean,
		reading?: OnReadOpts,
	): Promise<Socket>;
}

/** Connections to backends, kept open between requests. */
export interface Connections {
	/**
	 * The agent through which Node's HTTP client takes and gives back connections to one backend, for the
	 * request that is made with it at once.
	 *
	 * @param wanted whether that request still waits for its connection
	 */
	agentFor(backend: Backend, wanted: () => boolean): Agent;
}

/** Gives the certificate to serve. */
export interface ContextSource {
	/**
	 * The secure context for a server name, or the one for clients that send no name, or a name that
	 * is not served. Called once for each handshake, so it must be fast and bounded in memory; a
	 * context that nears its end is renewed here.
	 *
	 * @param serverName from the TLS extension (RFC 6066 section 3): hostile text
	 */
	contextFor(serverName: string | undefined): SecureContext;
	/**
	 * What to wait for before asking for the context of a name, where something has to be loaded first:
	 * without that wait the name gets the other context. Left out by a source that never has to load.
	 */
	ready?(serverName: string | undefined): Promise<unknown> | undefined;
	/**
	 * Key and chain, PEM, of the certificate for clients that send no name: the same object until it is
	 * renewed. Node asks for the context of such a client before anything has arrived from it.
	 */
	unnamed(): {readonly key: string; readonly cert: string};
}

/** The configuration compiled: nothing in it changes, a reload takes another one. */
export interface Snapshot {
	readonly router: Router;
	readonly policies: readonly Policy[];
}

/** What became of one exchange. Text from the network in it is raw. */
export interface ExchangeReport {
	readonly version: string;
	readonly method: string;
	readonly target: string;
	readonly host: string;
	/** Of the response; `undefined` when none was begun. */
	readonly status: number | undefined;
	/** Whether the client got everything that was to be sent to it. */
	readonly complete: boolean;
	readonly milliseconds: number;
	readonly failure: ProxyError | undefined;
}
