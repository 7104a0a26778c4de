import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {servedNames} from '../../lib/access/names.js';
import {createPlainServer} from '../../lib/listener/plain.js';
import {openTcp} from '../helpers/raw-client.js';

/** Hands connections to it as the listener does: from a port that it has not been told of. */
async function start(t: ExecutionContext): Promise<number> {
	const plain = createPlainServer({head: 100}, servedNames([]));
	const server = createServer(socket => plain.emit('connection', socket));
	t.teardown(() => {
		plain.close();
		server.close();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

for (const [what, text] of [
	['whose head never ends', 'GET / HTTP/1.1\r\nHost: localhost\r\n'],
	['whose body never comes', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n'],
] as const) {
	test(`a plain request ${what} is closed`, async t => {
		const client = await openTcp(t, await start(t));
		client.write(text);
		t.regex(await client.closed(), /^HTTP\/1\.1 4\d\d [\s\S]*HTTPS/);
	});
}

test('a redirect takes the port from the connection, which is there before the listener is', async t => {
	const port = await start(t);
	const client = await openTcp(t, port);
	client.write('GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n');
	t.true((await client.closed()).includes(`\r\nLocation: https://localhost:${port}/x\r\n`));
});
