import {once} from 'node:events';
import {connect, type SecureVersion} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import type {Endpoint} from '../helpers/endpoint.js';
import {follow} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';

/** One request on a connection of its own, and the session to go on with. */
async function visit(
	t: ExecutionContext,
	tunnel: Endpoint,
	servername: string,
	version: SecureVersion,
	session?: Buffer,
): Promise<{readonly session: Buffer | undefined; readonly isResumed: boolean}> {
	const socket = connect({
		...{host: '127.0.0.1', port: tunnel.port, ca: tunnel.ca, servername},
		...{minVersion: version, maxVersion: version},
		...(session === undefined ? {} : {session}),
	});
	let issued = session;
	socket.once('session', (latest: Buffer) => {
		issued = latest;
	});
	const client = follow(t, socket);
	await once(socket, 'secureConnect');
	const isResumed = socket.isSessionReused();
	client.write(`GET / HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n\r\n`);
	t.regex(await client.closed(), /^HTTP\/1\.1 200 [\s\S]*hello/);
	return {session: issued, isResumed};
}

for (const version of ['TLSv1.3', 'TLSv1.2'] as const) {
	for (const name of ['localhost', 'app.localhost']) {
		test(`a client that comes back to ${name} resumes its session of ${version}`, async t => {
			const {port} = await startBackend(t, (_request, response) => response.end('hello'));
			const tunnel = await startTunnel(t, port);
			const first = await visit(t, tunnel, name, version);
			t.false(first.isResumed);
			const second = await visit(t, tunnel, name, version, first.session);
			t.true(second.isResumed);
		});
	}
}
