import {createServer, type TLSSocket, type Server as TlsServer} from 'node:tls';
import type {TlsMaterial} from '../forward/seams.js';
import {settingsFor} from '../pki/tls-settings.js';
import type {Handshake, ListenerOptions} from './listener.js';

/** What it needs of a listener's options. */
export interface TlsOptions
	extends Pick<ListenerOptions, 'contexts' | 'limits' | 'names' | 'onHandshake' | 'onDistrust'> {
	readonly onSecure: (socket: TLSSocket) => void;
}

/**
 * The server that takes connections which begin with TLS; it never listens itself. Whether it asks clients for
 * a certificate, and of which authority, stays as it is at the beginning.
 */
export function createTlsServer(options: TlsOptions): TlsServer {
	const {contexts, limits} = options;
	let material = contexts.unnamed();
	const {clients} = material;
	const settings = settingsFor(clients);
	let unnamed = contexts.contextFor(undefined);
	const server = createServer({
		...settings,
		...pairOf(material),
		// Whether a certificate is good is said over HTTP: a TLS 1.3 client believes by then that it is connected.
		requestCert: clients !== undefined,
		rejectUnauthorized: false,
		handshakeTimeout: limits.handshake,
		// http/1.0 as well: a client that offers nothing else would be refused with an alert.
		ALPNProtocols: ['h2', 'http/1.1', 'http/1.0'],
		SNICallback(name, callback) {
			const give = () => {
				if (clients !== undefined && contexts.unnamed().clients?.id !== clients.id) {
					// The context would verify by another authority than this connection is told apart by.
					callback(new Error('the authority of client certificates has changed'));
					return;
				}
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
			server.setSecureContext({...settings, ...pairOf(material)});
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

function pairOf({key, cert}: TlsMaterial): Pick<TlsMaterial, 'key' | 'cert'> {
	return {key, cert};
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

function noticeDistrust(error: Error, socket: TLSSocket, options: TlsOptions): void {
	if ('code' in error && distrust.test(String(error.code))) {
		const serverName = serverNameOf(socket);
		const served = serverName === undefined || options.names.serves(serverName.toLowerCase());
		const address = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
		options.onDistrust({serverName, served, address});
	}
}

function serverNameOf(socket: TLSSocket): string | undefined {
	const name = 'servername' in socket ? socket.servername : undefined;
	return typeof name === 'string' && name !== '' ? name : undefined;
}
