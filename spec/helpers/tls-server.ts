import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import {type SecureContext, TLSSocket} from 'node:tls';
import type {ExecutionContext} from 'ava';
import type {ContextSource} from '../../lib/forward/seams.js';

/** Serves TLS on a free port of 127.0.0.1 until the test is over; says `hello` to each client. */
export async function serveTls(
	t: ExecutionContext,
	source: Pick<ContextSource, 'contextFor' | 'ready'>,
): Promise<number> {
	const server = createServer(socket => {
		const secure = new TLSSocket(socket, {
			isServer: true,
			secureContext: source.contextFor(undefined),
			SNICallback: (name, done: (error: Error | null, context?: SecureContext) => void) => {
				const give = () => done(null, source.contextFor(name));
				const wait = source.ready?.(name);
				wait === undefined ? give() : wait.then(give, done);
			},
		});
		secure.on('error', () => socket.destroy());
		socket.on('error', () => undefined);
		secure.write('hello');
		t.teardown(() => secure.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => server.close());
	return (server.address() as AddressInfo).port;
}
