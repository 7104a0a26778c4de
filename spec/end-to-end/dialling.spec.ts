import {createServer} from 'node:http';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {whereThereIs} from '../helpers/addresses.js';
import {startBackend} from '../helpers/backend.js';
import {fetchEither, versions} from '../helpers/either.js';
import {onEachLane, test} from '../helpers/lanes.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {startTunnel} from '../helpers/tunnel.js';

/** A backend on one loopback address, on a port that no other spec has on the other one. */
async function startAlone(t: ExecutionContext, address: string): Promise<number> {
	for (;;) {
		const {port} = await startBackend(t, (_request, response) => response.end('hi'), address);
		const other = createServer();
		const free = await new Promise<boolean>(resolve => {
			other.once('error', () => resolve(false));
			other.listen(port, address === '::1' ? '127.0.0.1' : '::1', () => resolve(true));
		});
		other.close();
		if (free || address === '127.0.0.1') {
			return port;
		}
	}
}

for (const address of ['127.0.0.1', '::1']) {
	for (const form of ['port', 'localhost', 'url'] as const) {
		onEachLane(whereThereIs(address))(
			`a backend given as ${form} that listens only on ${address} is reached`,
			async t => {
				const port = await startAlone(t, address);
				const routes = {port, localhost: `localhost:${port}`, url: `http://localhost:${port}`}[
					form
				];
				const tunnel = await startTunnel(t, routes);
				t.is((await fetchEither(t, tunnel, 'HTTP/1.1')).body, 'hi');
			},
		);
	}
}

onEachLane(whereThereIs('::1'))('a backend on an address of IPv6 is reached', async t => {
	const {port} = await startBackend(t, (_request, response) => response.end('hi'), '::1');
	const tunnel = await startTunnel(t, `[::1]:${port}`);
	t.is((await fetchEither(t, tunnel, 'HTTP/2')).body, 'hi');
});

for (const version of versions) {
	test(`${version}: a backend on a Unix socket is reached, and sees the Host as it was`, async t => {
		const path = join(temporaryDirectory(t), 'b.sock');
		const server = createServer((request, response) =>
			response.end(`${request.headers.host} ${request.url}`),
		);
		await new Promise<void>(resolve => server.listen(path, resolve));
		t.teardown(() => {
			server.closeAllConnections();
			server.close();
		});
		const tunnel = await startTunnel(t, `unix:${path}`);
		const {body} = await fetchEither(t, tunnel, version, {host: 'app.localhost', path: '/x'});
		t.is(body, 'app.localhost /x');
	});
}
