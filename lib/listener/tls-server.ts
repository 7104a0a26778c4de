import {createServer, type TLSSocket, type Server as TlsServer} from 'node:tls';
import {tlsSettings} from '../pki/tls-settings.js';
import type {Handshake, ListenerOptions} from './listener.js';

/** The server that takes connections which begin with TLS; it never listens itself. */
export function createTlsServer(options: ListenerOptions): TlsServer {
	const {contexts, limits} = options;
	let material = contexts.unnamed();
	let unnamed = contexts.contextFor(undefined);
	const server = createServer({
		...tlsSettings,
		...material,
		handshakeTimeout: limits.handshake,
		// http/1.0 as well: a client that offers nothing else would be refused with an alert.
		ALPNProtocols: ['h2', 'http/1.1', 'http/1.0'],
		SNICallback(name, callback) {
			const give = () => {
				const context = contexts.contextFor(name);
				// The server has that one already, and to put it in once more takes time.
				callback(null, context === unnamed ? undefined : context);
			};
			const wait = contexts.ready?.(name);
			wait === undefined ? give() : wait.then(give).catch(callback);
		},
	});
	server.prependListener('connection', () => {
		const renewed = contexts.unnamed();
		if (renewed !== material) {
			material = renewed;
			unnamed = contexts.contextFor(undefined);
			server.setSecureContext({...tlsSettings, ...material});
		}
	});
	server.on('secureConnection', socket => {
		socket.on('error', error => noticeDistrust(error, socket, options));
		options.onHandshake(() => handshakeOf(socket));
		options.onSecure(socket);
	});
	server.on('tlsClientError', (error, socket) => {
		noticeDistrust(error, socket, options);
		socket.destroy();
	});
	return server;
}

function handshakeOf(socket: TLSSocket): Handshake {
	return {
		tls: socket.getProtocol() ?? '',
		cipher: socket.getCipher().standardName,
		alpn: socket.alpnProtocol || 'http/1.1',
		serverName: serverNameOf(socket),
	};
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
