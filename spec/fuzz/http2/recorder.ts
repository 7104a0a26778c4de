import {once} from 'node:events';
import {type AddressInfo, connect as connectTcp, createServer, type Server} from 'node:net';
import type {Duplex} from 'node:stream';
import {createServer as createTlsServer} from 'node:tls';

/** Has a server listen on a free port. */
export async function listen(server: Server): Promise<number> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

export interface Recorder {
	readonly port: number;
	/** What came in both directions since the last time, the busiest connection only. */
	take(): {readonly client: Buffer; readonly server: Buffer} | undefined;
}

/** Stands between clients and a server. */
export async function startRecorder(
	target: number,
	tls?: {key: string; cert: string},
): Promise<Recorder> {
	let connections: Array<{client: Buffer[]; server: Buffer[]}> = [];
	const take = (socket: Duplex) => {
		const recording = {client: [] as Buffer[], server: [] as Buffer[]};
		connections.push(recording);
		const other = connectTcp(target, '127.0.0.1');
		socket.on('data', (bytes: Buffer) => recording.client.push(bytes));
		other.on('data', (bytes: Buffer) => recording.server.push(bytes));
		for (const [one, another] of [
			[socket, other],
			[other, socket],
		] as const) {
			one.on('error', () => another.destroy());
			one.pipe(another);
		}
	};
	const server = tls ? createTlsServer({...tls, ALPNProtocols: ['h2']}, take) : createServer(take);
	const port = await listen(server);
	return {
		port,
		take() {
			const sizes = connections.map(({client}) => Buffer.concat(client).length);
			const busiest = connections[sizes.indexOf(Math.max(...sizes))];
			connections = [];
			return (
				busiest && {client: Buffer.concat(busiest.client), server: Buffer.concat(busiest.server)}
			);
		},
	};
}
