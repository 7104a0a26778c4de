import {createServer, type RequestListener, type Server} from 'node:http';
import {type AddressInfo, createServer as createTcpServer, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';

/** An HTTP backend, on a free loopback port unless one is given, closed when the spec ends. */
export async function startBackend(
	t: ExecutionContext,
	onRequest: RequestListener,
	host = '127.0.0.1',
	port = 0,
): Promise<{readonly port: number; readonly server: Server}> {
	const server = createServer(onRequest);
	await new Promise<void>(resolve => server.listen(port, host, resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return {port: (server.address() as AddressInfo).port, server};
}

/** A backend that speaks raw bytes, closed when the spec ends. */
export async function startRawBackend(
	t: ExecutionContext,
	onConnection: (socket: Socket) => void,
): Promise<{readonly port: number; readonly open: ReadonlySet<Socket>}> {
	const open = new Set<Socket>();
	const server = createTcpServer(socket => {
		open.add(socket);
		socket.on('close', () => open.delete(socket));
		socket.on('error', () => undefined);
		onConnection(socket);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		for (const socket of open) {
			socket.destroy();
		}
		server.close();
	});
	return {port: (server.address() as AddressInfo).port, open};
}
