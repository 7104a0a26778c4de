import type {Server as HttpServer} from 'node:http';
import type {Socket} from 'node:net';
import {createServer, type TLSSocket, type Server as TlsServer} from 'node:tls';
import type {ContextSource, NamePolicy} from '../forward/seams.js';
import {tlsSettings} from '../pki/tls-settings.js';
import {bind} from './bind.js';
import {readFirstByte} from './first-byte.js';
import {createPlainServer} from './plain.js';

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
}

/** What a listener is put together from. Durations are in milliseconds. */
export interface ListenerOptions {
	readonly host: string;
	readonly port: number;
	readonly contexts: ContextSource;
	/** Which names are served. */
	readonly names: NamePolicy;
	readonly limits: {
		readonly handshake: number;
		readonly head: number;
		/** Most connections at a time, of all addresses together; further ones are closed at once. */
		readonly connections: number;
	};
	/** Takes a connection whose handshake is done. */
	readonly onSecure: (socket: TLSSocket) => void;
	readonly onHandshake: (handshake: Handshake) => void;
	readonly onDistrust: (distrust: Distrust) => void;
}

/** The accepting sockets and every connection that came through them. */
export interface Listener {
	readonly addresses: readonly string[];
	readonly port: number;
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
	const unready = new Map<string, Socket>();
	let whenIdle: (() => void) | undefined;
	const secure = createTls(options);
	secure.prependListener('secureConnection', socket => unready.delete(endsOf(socket)));
	let plain: HttpServer | undefined;
	const bound = await bind(options.host, options.port, socket => {
		if (open.size >= options.limits.connections) {
			socket.destroy();
			return;
		}
		const ends = endsOf(socket);
		open.add(socket);
		unready.set(ends, socket);
		socket.on('error', () => {
			/* 'close' follows, and is what counts */
		});
		socket.once('close', () => {
			open.delete(socket);
			if (unready.get(ends) === socket) {
				unready.delete(ends);
			}
			if (open.size === 0) {
				whenIdle?.();
			}
		});
		readFirstByte(socket, options.limits.handshake, {
			tls: connection => secure.emit('connection', connection),
			other(connection) {
				plain ??= createPlainServer(options.limits, options.names);
				plain.emit('connection', connection);
			},
		});
	});
	return {
		addresses: bound.addresses,
		port: bound.port,
		stop() {
			bound.close();
			for (const socket of unready.values()) {
				socket.destroySoon();
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
			plain?.close();
			for (const socket of open) {
				socket.destroy();
			}
		},
	};
}

/** By this a connection is known before and after TLS was put on it. */
function endsOf({remoteAddress, remotePort, localAddress}: Socket): string {
	return `${remoteAddress} ${remotePort} ${localAddress}`;
}

function createTls(options: ListenerOptions): TlsServer {
	const {contexts, limits} = options;
	let material = contexts.unnamed();
	const server = createServer({
		...tlsSettings,
		...material,
		handshakeTimeout: limits.handshake,
		// http/1.0 as well: a client that offers nothing else would be refused with an alert.
		ALPNProtocols: ['h2', 'http/1.1', 'http/1.0'],
		SNICallback(name, callback) {
			callback(null, contexts.contextFor(name));
		},
	});
	server.prependListener('connection', () => {
		const renewed = contexts.unnamed();
		if (renewed !== material) {
			material = renewed;
			server.setSecureContext({...tlsSettings, ...material});
		}
	});
	server.on('secureConnection', socket => {
		socket.on('error', error => noticeDistrust(error, socket, options));
		options.onHandshake({
			tls: socket.getProtocol() ?? '',
			cipher: socket.getCipher().standardName,
			alpn: socket.alpnProtocol || 'http/1.1',
			serverName: serverNameOf(socket),
		});
		options.onSecure(socket);
	});
	server.on('tlsClientError', (error, socket) => {
		noticeDistrust(error, socket, options);
		socket.destroy();
	});
	return server;
}

/** The alerts by which clients say that they do not trust a certificate (RFC 8446 section 6.2). */
const distrust = /ALERT_(UNKNOWN_CA|CERTIFICATE_UNKNOWN|BAD_CERTIFICATE)/;

function noticeDistrust(error: Error, socket: TLSSocket, options: ListenerOptions): void {
	if ('code' in error && distrust.test(String(error.code))) {
		const serverName = serverNameOf(socket);
		const served = serverName === undefined || options.names.serves(serverName.toLowerCase());
		options.onDistrust({serverName, served});
	}
}

function serverNameOf(socket: TLSSocket): string | undefined {
	const name = 'servername' in socket ? socket.servername : undefined;
	return typeof name === 'string' && name !== '' ? name : undefined;
}
