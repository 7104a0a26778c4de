import {fetchEither, versions} from '../helpers/either.js';
import {test as onEachLane} from '../helpers/lanes.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {fetchAs, test} from '../helpers/versions.js';

for (const version of versions) {
	for (const [method, status, connections] of [
		['GET', 200, 2],
		['HEAD', 200, 2],
		['POST', 502, 1],
		['DELETE', 200, 2],
	] as const) {
		const what = status === 200 ? 'is sent again unnoticed' : 'is not sent again';
		onEachLane(
			`${version}: a ${method} upon a kept connection that turns out closed ${what}`,
			async t => {
				const head = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n';
				const backend = await startScripted(t, connection => {
					connection.socket.on('data', () => {
						const {received} = connection;
						if (!received.includes('/second')) {
							connection.write(ok);
						} else if (received.includes('/first')) {
							connection.socket.destroy();
						} else {
							connection.write(method === 'HEAD' ? head : ok);
						}
					});
				});
				const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
				await fetchEither(t, tunnel, version, {path: '/first'});
				const response = await fetchEither(t, tunnel, version, {method, path: '/second'});
				t.is(response.status, status);
				t.is(backend.connections.length, connections);
				t.is(backend.connections[0]?.received.match(/ HTTP\/1\.1/g)?.length, 2);
			},
		);
	}
}

test('with no wait, a GET upon a fresh connection is not sent again', async t => {
	const backend = await startScripted(t, ({socket}) => socket.once('data', () => socket.destroy()));
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {wait: 0});
	t.is((await fetchAs(t, tunnel, '/')).status, 502);
	t.is(backend.connections.length, 1);
});

test('a GET is not sent again once an answer has begun', async t => {
	const backend = await startScripted(t, async connection => {
		await connection.until('/first');
		connection.write(ok);
		await connection.until('/second');
		connection.socket.end('HTTP/1.1 103 Early Hints\r\n\r\n');
	});
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	await fetchAs(t, tunnel, '/first');
	t.is((await fetchAs(t, tunnel, '/second')).status, 502);
	t.is(backend.connections.length, 1);
});
