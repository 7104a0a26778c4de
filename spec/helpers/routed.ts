import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {ExecutionContext} from 'ava';

/** Backends that answer with their name and with what they were asked for: `api /api/x`. */
export async function startNamed<Name extends string>(
	t: ExecutionContext,
	...names: readonly Name[]
): Promise<Record<Name, number>> {
	const ports = await Promise.all(
		names.map(async name => {
			const server = createServer((request, response) => {
				response.setHeader('backend', name);
				response.end(`${name} ${request.url}`);
			});
			await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
			t.teardown(() => {
				server.closeAllConnections();
				server.close();
			});
			return [name, (server.address() as AddressInfo).port] as const;
		}),
	);
	return Object.fromEntries(ports) as Record<Name, number>;
}
