import {once} from 'node:events';
import {type AddressInfo, connect, createServer} from 'node:net';
import type {ExecutionContext} from 'ava';

/** A port of 127.0.0.1 that nobody listens on: for what cannot choose one itself, or is not to be there. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

/**
 * A port of 127.0.0.1 that refuses every connection until the spec ends. It is the near end of a
 * connection, and so nobody else is given it meanwhile, as happens to a port that is merely free.
 */
export async function deadPort(t: ExecutionContext): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const accepted = once(server, 'connection');
	const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
	t.teardown(() => {
		socket.destroy();
		server.close();
	});
	await once(socket, 'connect');
	const [other] = await accepted;
	t.teardown(() => other.destroy());
	return socket.localPort ?? t.fail();
}
