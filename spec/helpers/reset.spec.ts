import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import test from 'ava';
import {reset} from './reset.js';
import {until} from './until.js';

for (const [when, before] of [
	['before TLS has ended it', () => undefined],
	['while TLS is ending it', (tls: Socket) => tls.end()],
] as const) {
	test(`a connection is closed when it is reset ${when}`, async t => {
		const open = new Set<Socket>();
		const server = createServer(socket => {
			open.add(socket);
			socket.resume();
			socket.on('error', () => undefined).once('close', () => open.delete(socket));
		}).listen(0, '127.0.0.1');
		t.teardown(() => server.close());
		await once(server, 'listening');
		const tcp = connect((server.address() as AddressInfo).port, '127.0.0.1');
		const failures: unknown[] = [];
		tcp.on('error', error => failures.push(error));
		await once(tcp, 'connect');
		await until('it is accepted', () => open.size === 1);
		const tls = connectTls({socket: tcp});
		tls.on('error', () => undefined);
		before(tls);
		reset(tcp, tls);
		await until('both ends are closed', () => tcp.closed && open.size === 0);
		t.deepEqual(failures, []);
	});
}
