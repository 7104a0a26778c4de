import type {ClientRequest, IncomingMessage, ServerResponse} from 'node:http';
import type {OnReadOpts, Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {SecureContext, TLSSocket} from 'node:tls';
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
			/** The address to connect from; the system's choice, by default. */
			readonly localAddress?: string;
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
	/**
	 * The path to ask the backend for, byte for byte but for what the route changes; never for `*`.
	 *
	 * @throws ProxyError `request-malformed` for a path that would leave what the backend is to be asked for;
	 * `function-failed` where the route's own function gives none
	 */
	readonly pathFor: (target: string) => string;
	/** What http-proxy is to do: with it, requests of this route go by the message lane. */
	readonly proxy: ProxyOptions | undefined;
	/** What admits requests to this route, beside those of the snapshot. */
	readonly policies: readonly Policy[];
}

/** What to put in place of what cookies say: '' takes it away, the key "*" is everything. */
export type CookieRewrite = false | string | Readonly<Record<string, string | null>>;

/**
 * What http-proxy is asked to do for a route, by its own names and those of Vite. All are off by default but
 * `prependPath` and `ws`.
 */
export interface ProxyOptions {
	/** Sends the backend's own host and port as Host. */
	readonly changeOrigin?: boolean | undefined;
	/** Fields that every request to the backend has, in place of the client's of the same name. */
	readonly headers?: Readonly<Record<string, string | number | readonly string[]>> | undefined;
	/** `user:password` for requests that have no Authorization. */
	readonly auth?: string | undefined;
	/** Whether the path in the backend's address is put before the request's; true by default. */
	readonly prependPath?: boolean | undefined;
	/** Asks for the path in the backend's address only, whatever the request asks for. */
	readonly ignorePath?: boolean | undefined;
	/** Changes the domain of cookies that the backend sets. */
	readonly cookieDomainRewrite?: CookieRewrite | undefined;
	/** Changes the path of cookies that the backend sets. */
	readonly cookiePathRewrite?: CookieRewrite | undefined;
	/** The host, with a port if need be, of redirects that lead to the backend. */
	readonly hostRewrite?: string | undefined;
	/** Has redirects that lead to the backend lead to the host that the client has asked for, by https. */
	readonly autoRewrite?: boolean | undefined;
	/** The protocol of redirects that lead to the backend: `http` or `https`. */
	readonly protocolRewrite?: string | undefined;
	/** Follows redirects in place of the client. */
	readonly followRedirects?: boolean | undefined;
	/** How long a client may neither send nor take anything, in milliseconds. */
	readonly timeout?: number | undefined;
	/** How long the backend may neither send nor take anything, in milliseconds. */
	readonly proxyTimeout?: number | undefined;
	/** Without effect: X-Forwarded-For, -Proto, -Host and -Port are always set. */
	readonly xfwd?: boolean | undefined;
	/** The address from which the backend is connected to. */
	readonly localAddress?: string | undefined;
	/** Without effect: header fields always keep their case. */
	readonly preserveHeaderKeyCase?: boolean | undefined;
	/** Without effect: backends are spoken to without TLS. */
	readonly secure?: boolean | undefined;
	/** Whether WebSockets are passed on; without it they are ordinary requests. True by default. */
	readonly ws?: boolean | undefined;
	/** Sends the backend's own origin as Origin of WebSockets. */
	readonly rewriteWsOrigin?: boolean | undefined;
	/** Is given the instance of http-proxy, to register listeners. Called once, when the route is set up. */
	readonly configure?: ((proxy: ProxyInstance, options: ProxyOptions) => void) | undefined;
	/**
	 * Asked before a request is sent: a path goes on to the next route that matches it, `false` is answered
	 * with 404, all else goes to the backend. Without `res` for WebSockets. The request has no body here.
	 */
	readonly bypass?:
		| ((
				request: IncomingMessage,
				response: ServerResponse | undefined,
				options: ProxyOptions,
		  ) => Bypassed | Promise<Bypassed>)
		| undefined;
}

/** What an instance of http-proxy tells listeners of, as far as it does here. */
export interface ProxyEvents {
	/** Before a request is sent: its head can still be changed. */
	proxyReq: [
		proxyReq: ClientRequest,
		request: IncomingMessage,
		response: ServerResponse,
		options: object,
	];
	/** The same for a WebSocket. */
	proxyReqWs: [
		proxyReq: ClientRequest,
		request: IncomingMessage,
		socket: Duplex,
		options: object,
		head: Buffer,
	];
	/** Before a response is passed on: its status and its `headers` can still be changed. */
	proxyRes: [proxyRes: IncomingMessage, request: IncomingMessage, response: ServerResponse];
	/** Instead of a response; what is answered here takes the place of Sealport's own page. */
	error: [
		error: Error,
		request: IncomingMessage,
		response: ServerResponse | Duplex,
		target: unknown,
	];
	end: [request: IncomingMessage, response: ServerResponse, proxyRes: IncomingMessage];
	start: [request: IncomingMessage, response: ServerResponse, target: unknown];
}

/** As much of an instance of http-proxy as `configure` has use for. */
export interface ProxyInstance {
	on<Event extends keyof ProxyEvents>(
		event: Event,
		listener: (...parts: ProxyEvents[Event]) => void,
	): unknown;
	once<Event extends keyof ProxyEvents>(
		event: Event,
		listener: (...parts: ProxyEvents[Event]) => void,
	): unknown;
	off<Event extends keyof ProxyEvents>(
		event: Event,
		listener: (...parts: ProxyEvents[Event]) => void,
	): unknown;
}

/** What `bypass` of a route may return. */
// biome-ignore lint/suspicious/noConfusingVoidType: functions that return nothing are meant.
export type Bypassed = string | false | null | undefined | void;

/** Finds the route of a request. */
export interface Router {
	readonly routes: readonly Route[];
	/** @throws ProxyError `request-malformed` for a path that may be for more than one of them */
	match(authority: Authority, path: string): Route | undefined;
}

/** The two ends of a TCP connection, as Node has them. */
export interface Ends {
	readonly remoteAddress: string;
	readonly remotePort: number;
	readonly localAddress: string;
	readonly localPort: number;
}

/** A process at the other end of a connection. */
export interface Peer {
	readonly pid: number;
	/** The name of its user, or the number of one that has no name. */
	readonly user: string;
	/** That number; `undefined` on Windows. */
	readonly uid: number | undefined;
	/** Absolute path; `undefined` when it cannot be found out, or the file there is no longer what runs. */
	readonly executable: string | undefined;
	/** Its process id and those of its ancestors, itself first. */
	readonly lineage: readonly number[];
	/** When each of these started, as text of the system: with it a pid that is given away again is told apart. */
	readonly started?: readonly string[];
	/** `device:inode` of its network namespace, on Linux. */
	readonly netns: string | undefined;
	/** Of the container that it is in, 64 hexadecimal digits, on Linux. */
	readonly container: string | undefined;
}

/** Every process that has the client's socket open: each of them can send. */
export interface Peers {
	/** At least one. */
	readonly holders: readonly Peer[];
}

/** A certificate that a client has proved to be its own, verified. */
export interface ClientCertificate {
	/** The common name of its subject, or the first alternative name. */
	readonly name: string;
	/** That, and all alternative names that are text. */
	readonly names: readonly string[];
	readonly der: Buffer;
	/** SHA-256, as OpenSSL prints it. */
	readonly fingerprint: string;
	/** The authority that it was verified by: the `id` of that. */
	readonly authority: string;
}

/** Who is at the other end of a connection: one object for each. */
export interface Client {
	/** IPv4 never in its IPv6 form. */
	readonly address: string;
	readonly port: number;
	/** An error says why they are not known; `undefined` when no policy asked as the connection came. */
	readonly peers: Peers | Error | undefined;
	/** An error says why there is none; `undefined` when none was asked for. */
	readonly certificate: ClientCertificate | Error | undefined;
}

/** A request, as policies see it. */
export interface Applicant {
	readonly client: Client;
	readonly authority: Authority;
	readonly method: string;
	/** Path and query, or `*`. */
	readonly target: string;
	/** Every value of a header field, in order, by its name in lower case. */
	values(name: string): readonly string[];
}

/**
 * What becomes of a header field on its way to the backend.
 *
 * @param name in lower case
 * @returns its value, or `undefined` to drop the field
 */
export type Edit = (name: string, value: string) => string | undefined;

/** Decides whether a request may go on. */
export interface Policy {
	/** What logs and counters call it. */
	readonly name: string;
	/** Returns what the client gets instead of the backend, or `undefined` to admit it. */
	admit(applicant: Applicant): ProxyError | undefined;
	/** Takes from a request what is for the policy, and not for the backend. */
	readonly edit?: Edit;
	/** A request target as logs may have it. */
	readonly redact?: (target: string) => string;
}

/** Decides about connections, before anything is said to the client. */
export interface Entrance {
	/** Returns what refuses every request from this address, whoever is there. */
	admit(ends: Ends): ProxyError | undefined;
	/** Finds out who is there, where a policy asks for that. Never rejects. */
	identify(ends: Ends): Promise<Peers | Error> | undefined;
}

/** Decides by host name, which is what makes DNS rebinding fail: a foreign name gets no further. */
export interface NamePolicy {
	/** Returns what refuses requests for this authority, or `undefined` to admit them. */
	admit(authority: Authority): ProxyError | undefined;
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
	 * @param lost for a request that has been sent before
	 * @throws ProxyError `backend-refused` or `backend-timeout`; the one of `lost` when its wait is over
	 */
	dial(
		backend: Backend,
		signal: AbortSignal,
		wanted?: () => boolean,
		reading?: OnReadOpts,
		lost?: Lost,
	): Promise<Socket>;
}

/** What befell a request whose connection was closed before anything was answered. */
export interface Lost {
	/** When that was for the first time, by `performance.now`: its wait began then. */
	readonly since: number;
	/** How often it was sent over a connection of its own: one that had been used before may merely have rested. */
	readonly times: number;
	/** What its client is told when the wait is over. */
	readonly error: ProxyError;
}

/** Who has to have signed the certificates of clients. */
export interface ClientAuthority {
	/** PEM: those that have signed themselves, which are trusted, and perhaps what is below them. */
	readonly certificates: readonly string[];
	/** What tells it from another one: a digest. */
	readonly id: string;
	/** What a client has proved of itself by its handshake, or why nothing. */
	certificateOf(socket: TLSSocket): ClientCertificate | Error;
}

/** Key and chain, PEM, and who has to have signed the certificates of clients, where they are asked for one. */
export interface TlsMaterial {
	readonly key: string;
	readonly cert: string;
	readonly clients?: ClientAuthority | undefined;
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
	 * What the certificate for clients that send no name is made of: the same object until it is renewed. Node asks for the context of such a client before anything has arrived from it.
	 */
	unnamed(): TlsMaterial;
}

/** The configuration compiled: nothing in it changes, a reload takes another one. */
export interface Snapshot {
	readonly router: Router;
	readonly names: NamePolicy;
	/** What admits requests, whatever their route. */
	readonly policies: readonly Policy[];
}

/** What became of one exchange. Text from the network in it is raw. */
export interface ExchangeReport {
	readonly client: Client;
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
