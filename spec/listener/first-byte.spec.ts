import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {readFirstByte} from '../../lib/listener/first-byte.js';

/** Both ends of a TCP connection. */
async function connection(t: ExecutionContext): Promise<[client: Socket, accepted: Socket]> {
	const server = createServer();
	t.teardown(() => server.close());
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
	const [accepted] = (await once(server, 'connection')) as [Socket];
	t.teardown(() => {
		client.destroy();
		accepted.destroy();
	});
	return [client, accepted];
}

/** Who takes the connection, and all that it reads first. */
function decision(accepted: Socket): Promise<[string, Buffer]> {
	return new Promise(resolve => {
		const take = (who: string) => (socket: Socket) =>
			socket.once('data', chunk => resolve([who, chunk as Buffer]));
		readFirstByte(accepted, 60_000, {tls: take('tls'), other: take('other')});
	});
}

for (const [bytes, who] of [
	['\x16\x03\x01', 'tls'],
	['\x16', 'tls'],
	['GET / HTTP/1.1\r\n', 'other'],
	['\x00', 'other'],
	['\x80\x2e', 'other'],
] as const) {
	test(`${JSON.stringify(bytes)} goes to ${who}, with nothing lost`, async t => {
		const [client, accepted] = await connection(t);
		const decided = decision(accepted);
		client.write(bytes, 'latin1');
		const [taker, first] = await decided;
		t.is(taker, who);
		t.is(first.toString('latin1'), bytes);
	});
}

test('a connection that sends nothing is closed', async t => {
	const [client, accepted] = await connection(t);
	readFirstByte(accepted, 50, {tls: () => t.fail(), other: () => t.fail()});
	client.resume();
	await once(client, 'close');
	t.true(accepted.destroyed);
});

test('a connection that is gone before its first byte goes to nobody', async t => {
	const [client, accepted] = await connection(t);
	readFirstByte(accepted, 60_000, {tls: () => t.fail(), other: () => t.fail()});
	client.end();
	await once(accepted, 'close');
	t.pass();
});
