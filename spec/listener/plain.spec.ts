import {once} from 'node:events';
import {type AddressInfo, createServer} from 'node:net';
import test from 'ava';
import {servedNames} from '../../lib/access/names.js';
import {createPlainServer} from '../../lib/listener/plain.js';
import {openTcp} from '../helpers/raw-client.js';

for (const [what, text] of [
	['whose head never ends', 'GET / HTTP/1.1\r\nHost: localhost\r\n'],
	['whose body never comes', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n'],
] as const) {
	test(`a plain request ${what} is closed`, async t => {
		const plain = createPlainServer({head: 100}, servedNames([]));
		const server = createServer(socket => plain.emit('connection', socket));
		t.teardown(() => {
			plain.close();
			server.close();
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const client = await openTcp(t, (server.address() as AddressInfo).port);
		client.write(text);
		t.regex(await client.closed(), /^HTTP\/1\.1 4\d\d [\s\S]*HTTPS/);
	});
}
