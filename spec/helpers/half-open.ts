import {once} from 'node:events';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import {follow, type RawClient} from './raw-client.js';

/** Starts a backend of raw bytes whose first connection stays open when the other side has ended it. */
export async function startHalfOpen(
	t: ExecutionContext,
): Promise<{readonly port: number; connection(): Promise<RawClient>}> {
	const server = createServer({allowHalfOpen: true});
	const first = once(server, 'connection').then(([socket]: Socket[]) =>
		follow(t, socket ?? t.fail()),
	);
	server.listen(0, '127.0.0.1');
	t.teardown(() => server.close());
	await once(server, 'listening');
	return {port: (server.address() as AddressInfo).port, connection: () => first};
}
