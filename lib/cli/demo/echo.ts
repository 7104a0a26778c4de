import type {IncomingMessage} from 'node:http';
import type {Duplex} from 'node:stream';
import type {WebSocketServer} from 'ws';

/** The WebSocket side of the demo backend. */
export interface Echo {
	/** Takes an upgrade request and sends back whatever messages come, as text or as binary. */
	accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
	/** Cuts all connections. */
	close(): void;
}

/** Makes the echo. Messages may be up to 16 MiB; `ws` is loaded with the first connection. */
export function createEcho(): Echo {
	const sockets = new Set<Duplex>();
	let server: Promise<WebSocketServer> | undefined;
	return {
		accept(request, socket, head) {
			sockets.add(socket);
			socket.once('close', () => sockets.delete(socket));
			// Nobody else listens while `ws` is being loaded, and a client may break off at any time.
			socket.on('error', () => socket.destroy());
			server ??= load();
			server.then(
				loaded =>
					loaded.handleUpgrade(request, socket, head, client => {
						client.on('error', () => client.terminate());
						client.on('message', (data, binary) => client.send(data, {binary}));
					}),
				() => socket.destroy(),
			);
		},
		close() {
			for (const socket of sockets) {
				socket.destroy();
			}
		},
	};
}

async function load(): Promise<WebSocketServer> {
	const {WebSocketServer} = await import('ws');
	return new WebSocketServer({noServer: true, maxPayload: 16 * 2 ** 20});
}
