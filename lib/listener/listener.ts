import type {Server as HttpServer} from 'node:http';
import type {Socket} from 'node:net';
import type {TLSSocket} from 'node:tls';
import type {ProxyError} from '../errors.js';
import type {Client, ContextSource, Ends, Entrance, NamePolicy, Peers} from '../forward/seams.js';
import {bind} from './bind.js';
import {clientOf} from './client.js';
import {readFirstByte} from './first-byte.js';
import {createTlsServer} from './tls-server.js';
import {turnAway} from './turn-away.js';

/** What was agreed on with a client. */
export interface Handshake {
	/** `TLSv1.2` or `TLSv1.3`. */
	readonly tls: string;
	/** By its standard name, such as `TLS_AES_128_GCM_SHA256`. */
	readonly cipher: string;
	/** `h2`, `http/1.1` or `http/1.0`. */
	readonly alpn: string;
	/** From SNI: hostile text. */
	readonly serverName: string | undefined;
}

/** A client broke off because it does not accept the certificate. */
export interface Distrust {
	/** The name that it asked for, from SNI: hostile text. */
	readonly serverName: string | undefined;
	/** Whether that name is served; if not, the certificate is for others. */
	readonly served: boolean;
	/** The client's address; `undefined` where it has gone too soon to tell. */
	readonly address: string | undefined;
}

/** What a listener is put together from. Durations are in milliseconds. */
export interface ListenerOptions {
	readonly host: string;
	readonly port: number;
	readonly contexts: ContextSource;
	/** Which names are served. */
	readonly names: NamePolicy;
	readonly entrance: Entrance;
	readonly limits: {
		readonly handshake: number;
		readonly head: number;
		/** Most connections at a time, of all addresses together; further ones are closed at once. */
		readonly connections: number;
	};
	/** Takes a connection whose handshake is done. */
	readonly onSecure: (socket: TLSSocket, client: Client) => void;
	/** Told of connections that were refused before anything was read. */
	readonly onRefusal: (refusal: ProxyError, client: Client) => void;
	/** Told of each of them; asked about it only, it finds out what was agreed on. */
	readonly onHandshake: (describe: () => Handshake) => void;
	readonly onDistrust: (distrust: Distrust) => void;
}

/** The accepting sockets and every connection that came through them. */
export interface Listener {
	readonly addresses: readonly string[];
	readonly port: number;
	/** Stops accepting; what has connected goes on. */
	refuse(): void;
	/** Stops accepting, and cuts what has not completed its handshake. */
	stop(): void;
	/** Resolves when the last connection has gone. */
	idle(): Promise<void>;
	/** Cuts every connection that is left. */
	close(): void;
}

/**
 * Accepts connections, tells TLS from plain HTTP, and hands over what has completed its handshake:
 * TLS 1.2 or 1.3, ALPN `h2` or `http/1.1`, the certificate by SNI.
 *
 * @throws UserError `port-taken`, `port-forbidden` or `address-unavailable`
 */
export async function openListener(options: ListenerOptions): Promise<Listener> {
	const open = new Set<Socket>();
	const ready = new Set<TLSSocket>();
	const peers = new Map<string, Peers | Error>();
	let whenIdle: (() => void) | undefined;
	const createServer = () => {
		const {handshake} = options.limits;
		const {clients} = options.contexts.unnamed();
		const server = createTlsServer({
			...options,
			onSecure(socket) {
				const ends = endsIn(socket);
				if (ends === undefined) {
					socket.destroy();
					return;
				}
				const found = peers.get(endsOf(socket));
				options.onSecure(socket, clientOf(ends, found, clients?.certificateOf(socket)));
			},
		});
		server.prependListener('secureConnection', socket => {
			ready.add(socket);
			socket.once('close', () => ready.delete(socket));
		});
		return {server, handshake, clients};
	};
	let secure = createServer();
	let plain: Promise<HttpServer> | undefined;
	const bound = await bind(options.host, options.port, socket => {
		const ends = endsIn(socket);
		if (ends === undefined || open.size >= options.limits.connections) {
			socket.destroy();
			return;
		}
		open.add(socket);
		socket.on('error', ignore);
		socket.once('close', () => {
			open.delete(socket);
			if (open.size === 0) {
				whenIdle?.();
			}
		});
		const refusal = options.entrance.admit(ends);
		if (refusal !== undefined) {
			turnAway(socket, options.limits.handshake);
			options.onRefusal(refusal, clientOf(ends, undefined, undefined));
			return;
		}
		const identifying = options.entrance.identify(ends);
		if (identifying === undefined) {
			begin(socket);
			return;
		}
		// Before anything is said: what is sent under TLS is sent by who was found here, or later.
		void identifying.then(found => {
			if (!socket.destroyed) {
				const key = endsOf(socket);
				peers.set(key, found);
				socket.once('close', () => peers.delete(key));
				begin(socket);
			}
		});
	});
	const begin = (socket: Socket) =>
		readFirstByte(socket, options.limits.handshake, {
			tls(connection) {
				const {limits, contexts} = options;
				const asked = secure.clients?.id === contexts.unnamed().clients?.id;
				if (secure.handshake !== limits.handshake || !asked) {
					// A server has had them from the beginning.
					secure = createServer();
				}
				secure.server.emit('connection', connection);
			},
			other(connection) {
				plain ??= openPlain(options);
				plain.then(
					server => connection.destroyed || server.emit('connection', connection),
					() => connection.destroy(),
				);
			},
		});
	return {
		addresses: bound.addresses,
		port: bound.port,
		refuse: () => bound.close(),
		stop() {
			bound.close();
			const done = new Set([...ready].map(endsOf));
			for (const socket of open) {
				if (!done.has(endsOf(socket))) {
					socket.destroySoon();
				}
			}
		},
		idle: () =>
			new Promise(resolve => {
				whenIdle = resolve;
				if (open.size === 0) {
					resolve();
				}
			}),
		close() {
			plain?.then(server => server.close(), ignore);
			for (const socket of open) {
				socket.destroy();
			}
		},
	};
}

function ignore(): void {
	// 'close' follows an error, and is what counts.
}

/** By this a connection is known before and after TLS was put on it. Takes the system's time to ask for. */
function endsOf({remoteAddress, remotePort, localAddress}: Socket): string {
	return `${remoteAddress} ${remotePort} ${localAddress}`;
}

/** Returns `undefined` for a client that has reset the connection: who it was cannot be told any more. */
function endsIn({remoteAddress, remotePort, localAddress, localPort}: Socket): Ends | undefined {
	return remoteAddress === undefined
		? undefined
		: {
				remoteAddress,
				remotePort: remotePort ?? 0,
				localAddress: localAddress ?? '',
				localPort: localPort ?? 0,
			};
}

/** Seldom wanted, and nothing that a start should wait for. */
async function openPlain({limits, names}: ListenerOptions): Promise<HttpServer> {
	const {createPlainServer} = await import('./plain.js');
	return createPlainServer(limits, names);
}
