import {Agent} from 'node:https';
import {setTimeout} from 'node:timers/promises';
import {startBackend} from '../helpers/backend.js';
import {fetchHttp1, fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {test as onEachLane} from '../helpers/lanes.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {fetchAs, test} from '../helpers/versions.js';

onEachLane(
	'fifty requests in a row, of all kinds, share one connection to the backend',
	async t => {
		let connections = 0;
		const {port, server} = await startBackend(t, (request, response) => {
			// Node's client closes after a response to HEAD that does not tell the length of its body.
			response.setHeader('Content-Length', 2);
			request.resume().on('end', () => response.end('ok'));
		});
		server.on('connection', () => connections++);
		const tunnel = await startTunnel(t, `127.0.0.1:${port}`);
		const session = await openHttp2(t, tunnel);
		const agent = new Agent({keepAlive: true});
		t.teardown(() => agent.destroy());
		for (let round = 0; round < 10; round++) {
			await fetchHttp1(tunnel, '/', {agent});
			await fetchHttp1(tunnel, '/', {agent, method: 'POST', body: 'hello'});
			await fetchHttp1(tunnel, '/', {agent, method: 'HEAD'});
			await fetchHttp2(session, {':path': '/'});
			await fetchHttp2(session, {':path': '/', ':method': 'PUT'}, 'hello');
		}
		t.is(connections, 1);
	},
);

onEachLane('one connection of a client carries many requests', async t => {
	const {port} = await startBackend(t, (_request, response) => response.end('ok'));
	const tunnel = await startTunnel(t, `127.0.0.1:${port}`);
	let handshakes = 0;
	tunnel.on('handshake', () => handshakes++);
	const agent = new Agent({keepAlive: true, maxSockets: 1});
	t.teardown(() => agent.destroy());
	for (let round = 0; round < 10; round++) {
		t.is((await fetchHttp1(tunnel, '/', {agent})).body, 'ok');
	}
	t.is(handshakes, 1);
});

onEachLane('one connection of HTTP/2 carries many requests at once', async t => {
	const {port} = await startBackend(t, (_request, response) => response.end('ok'));
	const tunnel = await startTunnel(t, `127.0.0.1:${port}`);
	let handshakes = 0;
	tunnel.on('handshake', () => handshakes++);
	const session = await openHttp2(t, tunnel);
	const fetched = Array.from({length: 50}, () => fetchHttp2(session, {':path': '/'}));
	t.true((await Promise.all(fetched)).every(({body}) => body === 'ok'));
	t.is(handshakes, 1);
});

onEachLane(
	'a backend that closes after each response costs a connection each, and no request',
	async t => {
		let connections = 0;
		const {port, server} = await startBackend(t, (_request, response) => {
			response.setHeader('Connection', 'close');
			response.end('ok');
		});
		server.on('connection', () => connections++);
		const tunnel = await startTunnel(t, `127.0.0.1:${port}`);
		const session = await openHttp2(t, tunnel);
		for (let round = 0; round < 5; round++) {
			t.is((await fetchHttp2(session, {':path': '/', ':method': 'POST'}, 'x')).status, 200);
		}
		t.is(connections, 5);
	},
);

test('a connection on which the backend has spoken without being asked is not used again', async t => {
	const backend = await startScripted(t, async connection => {
		await connection.until('\r\n\r\n');
		connection.write(connection.received.includes(' /first ') ? ok : answer('asked'));
	});
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	t.is((await fetchAs(t, tunnel, '/first')).body, 'ok');
	const [first] = backend.connections;
	await new Promise(resolve => first?.socket.write(answer('unasked'), resolve));
	// Until it is there, nobody can tell.
	await setTimeout(100);
	t.is((await fetchAs(t, tunnel, '/second')).body, 'asked');
	t.is(backend.connections.length, 2);
});

function answer(body: string): string {
	return `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
