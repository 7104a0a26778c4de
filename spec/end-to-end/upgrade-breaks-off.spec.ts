import {test as onHttp1} from '../helpers/lanes.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {openClient, test} from '../helpers/versions.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';

const upgrade = askFor('/chat');
const agreed = (received: string) => agreeTo(received, 'X-Own: 1\r\n');

for (const [when, script, expected] of [
	['before it answers', () => '', /^HTTP\/1\.1 502 [\s\S]*sealport-error: backend-reset\r\n/],
	[
		'in the middle of its 101',
		() => 'HTTP/1.1 101 Swi',
		/^HTTP\/1\.1 502 [\s\S]*sealport-error: backend-reset\r\n/,
	],
	['right after its 101', agreed, /^HTTP\/1\.1 101 [\s\S]*\r\n\r\n$/],
	[
		'after its first bytes',
		(received: string) => `${agreed(received)}hello`,
		/^HTTP\/1\.1 101 [\s\S]*\r\n\r\nhello$/,
	],
] as const) {
	for (const how of ['closes', 'resets'] as const) {
		test(`a backend that ${how} ${when} closes the client and nothing else`, async t => {
			const backend = await startScripted(t, async ({socket, until}) => {
				const received = await until('\r\n\r\n');
				const text = script(received);
				if (!received.includes('/chat')) {
					socket.end(ok);
				} else if (how === 'closes') {
					socket.end(text);
				} else {
					socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 50));
				}
			});
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
			const client = await openClient(t, tunnel);
			client.write(upgrade);
			// After a failure that is answered, the connection may be good for another request.
			t.regex(
				await (script('').includes('\r\n\r\n') ? client.closed() : client.until(/\n$/)),
				expected,
			);
			const next = await openClient(t, tunnel);
			next.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
			await next.until('\r\n\r\nok');
		});
	}
}

test('a client that leaves before the 101 ends the request', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openClient(t, tunnel);
	client.write(upgrade);
	const connection = await backend.connection();
	await connection.until('\r\n\r\n');
	client.socket.destroy();
	await connection.closed();
	t.pass();
});

test('a client that leaves its tunnel closes the backend', async t => {
	const backend = await startScripted(t, async ({until, write}) =>
		write(agreed(await until('\r\n\r\n'))),
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openClient(t, tunnel);
	client.write(upgrade);
	t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 101 [\s\S]*\r\nx-own: 1\r\n/i);
	client.socket.destroy();
	const connection = await backend.connection();
	await connection.closed();
	t.pass();
});

test('bytes sent right behind the request wait for the 101, and bytes behind the 101 arrive', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openClient(t, tunnel);
	client.write(`${upgrade}early`);
	const connection = await backend.connection();
	t.true((await connection.until('\r\n\r\n')).endsWith('\r\n\r\n'));
	connection.write(`${agreed(connection.received)}back`);
	t.regex(await client.until('back'), /^HTTP\/1\.1 101 [\s\S]*\r\n\r\nback$/);
	t.true((await connection.until('early')).endsWith('\r\n\r\nearly'));
});

onHttp1('a backend that declines an upgrade is heard', async t => {
	const backend = await startScripted(
		t,
		'HTTP/1.1 403 No\r\nX-Own: 1\r\nContent-Length: 2\r\n\r\nno',
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openClient(t, tunnel);
	client.write(upgrade);
	t.is(await client.until(/no$/), 'HTTP/1.1 403 No\r\nX-Own: 1\r\nContent-Length: 2\r\n\r\nno');
	client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
	await (await backend.connection()).until('GET / ');
});
