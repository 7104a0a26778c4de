import {laneOf, test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const upgrade =
	'GET /chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
const agreed =
	'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\nX-Own: 1\r\n\r\n';

for (const [when, script, expected] of [
	['before it answers', '', /^HTTP\/1\.1 502 [\s\S]*sealport-error: backend-reset\r\n/],
	[
		'in the middle of its 101',
		'HTTP/1.1 101 Swi',
		/^HTTP\/1\.1 502 [\s\S]*sealport-error: backend-reset\r\n/,
	],
	['right after its 101', agreed, /^HTTP\/1\.1 101 [\s\S]*\r\n\r\n$/],
	['after its first bytes', `${agreed}hello`, /^HTTP\/1\.1 101 [\s\S]*\r\n\r\nhello$/],
] as const) {
	for (const how of ['closes', 'resets'] as const) {
		test(`a backend that ${how} ${when} closes the client and nothing else`, async t => {
			const backend = await startScripted(t, async ({socket, until}) => {
				const received = await until('\r\n\r\n');
				if (!received.includes('/chat')) {
					socket.end(ok);
				} else if (how === 'closes') {
					socket.end(script);
				} else {
					socket.write(script, () => setTimeout(() => socket.resetAndDestroy(), 50));
				}
			});
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
			const client = await openTls(t, tunnel);
			client.write(upgrade);
			// After a failure that is answered, the connection may be good for another request.
			t.regex(
				await (script.includes('\r\n\r\n') ? client.closed() : client.until(/\n$/)),
				expected,
			);
			const next = await openTls(t, tunnel);
			next.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
			await next.until('\r\n\r\nok');
		});
	}
}

test('a client that leaves before the 101 ends the request', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(upgrade);
	const connection = await backend.connection();
	await connection.until('\r\n\r\n');
	client.socket.destroy();
	await connection.closed();
	t.pass();
});

test('a client that leaves its tunnel closes the backend', async t => {
	const backend = await startScripted(t, agreed);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(upgrade);
	t.is(await client.until('\r\n\r\n'), agreed);
	client.socket.destroy();
	const connection = await backend.connection();
	await connection.closed();
	t.pass();
});

test('bytes sent right behind the request wait for the 101, and bytes behind the 101 arrive', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(`${upgrade}early`);
	const connection = await backend.connection();
	t.true((await connection.until('\r\n\r\n')).endsWith('\r\n\r\n'));
	connection.write(`${agreed}back`);
	t.is(await client.until('back'), `${agreed}back`);
	t.true((await connection.until('early')).endsWith('\r\n\r\nearly'));
});

test('a backend that declines an upgrade is heard', async t => {
	const backend = await startScripted(
		t,
		'HTTP/1.1 403 No\r\nX-Own: 1\r\nContent-Length: 2\r\n\r\nno',
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(upgrade);
	// Node has let go of such a connection, and so the message lane can use it no more.
	const last = laneOf(t) === 'message' ? 'Connection: close\r\n' : '';
	t.is(
		await client.until(/no$/),
		`HTTP/1.1 403 No\r\nX-Own: 1\r\nContent-Length: 2\r\n${last}\r\nno`,
	);
	if (last === '') {
		client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
		await (await backend.connection()).until('GET / ');
	}
});
