import {once} from 'node:events';
import {type AddressInfo, connect, createServer} from 'node:net';
import test from 'ava';
import {turnAway} from '../../lib/listener/turn-away.js';

test('who is turned away and goes on talking is closed all the same', async t => {
	const server = createServer({allowHalfOpen: true}, socket => {
		socket.on('error', () => undefined);
		turnAway(socket, 300);
	}).listen(0, '127.0.0.1');
	t.teardown(() => server.close());
	await once(server, 'listening');
	const client = connect({
		...{port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true},
	});
	client.on('error', () => undefined);
	const talk = setInterval(() => client.writable && client.write('x'), 20);
	t.teardown(() => {
		clearInterval(talk);
		client.destroy();
	});
	let answer = '';
	client.on('data', chunk => {
		answer += chunk;
	});
	// To write to who has closed is an error, as it should be.
	await new Promise(resolve => client.once('close', resolve));
	t.regex(answer, /^HTTP\/1\.1 403 /);
});
