import {mkdtempSync, rmSync} from 'node:fs';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type ServeOptions, serve, type Tunnel} from '../../lib/index.js';

/** A tunnel in front of a backend, for many tests that run one after the other. */
export interface Stage {
	readonly tunnel: Tunnel;
	/** Connections to the backend since the beginning, as many as were opened. */
	readonly connections: number;
	/** Those that are open. */
	readonly open: ReadonlySet<Socket>;
	/** What has reached the backend since this was asked last, as latin1. */
	takeReceived(): string;
	close(): Promise<void>;
}

/**
 * Opens a tunnel and its backend.
 *
 * @param onBytes is told of what arrives at the backend, and answers
 * @param onConnection is told of each connection to the backend
 */
export async function openStage(
	options: Partial<ServeOptions>,
	onBytes: (socket: Socket, bytes: string) => void,
	onConnection: (socket: Socket) => void = () => undefined,
): Promise<Stage> {
	const certs = mkdtempSync(join(tmpdir(), 'sealport-certs-'));
	const open = new Set<Socket>();
	let received = '';
	let connections = 0;
	const server = createServer(socket => {
		connections++;
		open.add(socket);
		socket.once('close', () => open.delete(socket));
		socket.on('error', () => undefined);
		socket.setNoDelay(true).setEncoding('latin1');
		socket.on('data', (bytes: string) => {
			received += bytes;
			onBytes(socket, bytes);
		});
		onConnection(socket);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const {port} = server.address() as AddressInfo;
	const tunnel = await serve({routes: `127.0.0.1:${port}`, port: 0, certs, wait: 0, ...options});
	return {
		tunnel,
		get connections() {
			return connections;
		},
		open,
		takeReceived() {
			const taken = received;
			received = '';
			return taken;
		},
		async close() {
			await tunnel.close(0);
			for (const socket of open) {
				socket.destroy();
			}
			server.close();
			rmSync(certs, {recursive: true, force: true});
		},
	};
}
