import {randomInt} from 'node:crypto';
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

/**
 * An address that can be listened on again and again. Nobody else is given its port meanwhile, whoever
 * listens on all addresses included: it lies below those that systems give to who asks for any. Only
 * Linux has more than one address of this kind, so elsewhere another spec may take the same port, seldom.
 */
export function lastingAddress(): {readonly host: string; readonly port: number} {
	const parts = [randomInt(1, 255), randomInt(1, 255), randomInt(1, 255)];
	const host = process.platform === 'linux' ? `127.${parts.join('.')}` : '127.0.0.1';
	return {host, port: randomInt(10_000, 30_000)};
}
