import {X509Certificate} from 'node:crypto';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {connect as connectHttp2} from 'node:http2';
import {Agent, request} from 'node:https';
import {text} from 'node:stream/consumers';
import {connect, type TLSSocket} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {WebSocket, WebSocketServer} from 'ws';
import {startBackend} from '../helpers/backend.js';
import {sealportProgram, spawnProgram} from '../helpers/cli.js';
import {fakeClock, withFakeClock} from '../helpers/fake-clock.js';
import {fetchHttp2} from '../helpers/fetch.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {until} from '../helpers/until.js';

const day = 86_400_000;

/** Twelve days a second: a leaf is renewed every two seconds or so. Only the time of day is fast. */
const clock = fakeClock('@2030-01-01 00:00:00 x1000000');

/** For the client the leaf's time has not come, so it looks at the chain itself. */
const lax = {host: '127.0.0.1', rejectUnauthorized: false};

const opened = async (socket: TLSSocket) => {
	await once(socket, 'secureConnect');
	return socket;
};

/** The leaf that a new client is shown, once the chain has been found to be in order. */
async function leafFor(t: ExecutionContext, port: number, ca: string, name: string, alpn: string) {
	const socket = await opened(
		connect({...lax, port, servername: name, ALPNProtocols: [alpn], session: undefined}),
	);
	t.is(socket.alpnProtocol, alpn);
	const leaf = new X509Certificate(socket.getPeerCertificate(true).raw);
	const issuing = new X509Certificate(socket.getPeerCertificate(true).issuerCertificate.raw);
	socket.destroy();
	t.true(leaf.verify(issuing.publicKey) && issuing.verify(new X509Certificate(ca).publicKey));
	t.truthy(leaf.checkHost(name === '' ? 'localhost' : name), name);
	t.true(Date.parse(leaf.validTo) - Date.parse(leaf.validFrom) <= 30 * day);
	return leaf;
}

/** Talks to a backend that answers only to what it is sent, over connections that stay open. */
async function converse(t: ExecutionContext, port: number) {
	const socket = new WebSocket(`wss://localhost:${port}/`, {rejectUnauthorized: false});
	await once(socket, 'open');
	const session = connectHttp2(`https://localhost:${port}`, {rejectUnauthorized: false});
	const agent = new Agent({keepAlive: true, maxSockets: 1, rejectUnauthorized: false});
	const slow = request({...lax, port, method: 'POST', path: '/slow', agent: false});
	slow.write('begun,');
	const [answer] = await once(slow, 'response');
	const slow2 = session.request({':method': 'POST', ':path': '/slow'});
	slow2.write('begun,');
	await once(slow2, 'response');
	t.teardown(() => {
		socket.terminate();
		session.destroy();
		agent.destroy();
	});
	const ends = new Set<number | undefined>();
	return {
		ends,
		async once() {
			const echo = once(socket, 'message');
			socket.send('ping');
			t.is(String((await echo)[0]), 'ping');
			slow.write('more,');
			slow2.write('more,');
			t.is((await fetchHttp2(session, {':path': '/'})).body, 'hello');
			const short = request({...lax, port, agent}).end();
			const [response] = await once(short, 'response');
			t.is(await text(response), 'hello');
			ends.add(short.socket?.localPort);
		},
		async finish() {
			slow.end('done');
			slow2.end('done');
			return Promise.all([text(answer), text(slow2)]);
		},
	};
}

withFakeClock(
	'a leaf is renewed while a WebSocket and requests go on, and none is cut',
	async t => {
		t.timeout(170_000);
		const {port: backend, server} = await startBackend(t, (incoming, response) => {
			if (incoming.method === 'POST') {
				response.flushHeaders();
				incoming.pipe(response);
			} else {
				response.end('hello');
			}
		});
		new WebSocketServer({server}).on('connection', socket =>
			socket.on('message', data => socket.send(data)),
		);
		const run = spawnProgram(
			t,
			temporaryDirectory(t),
			process.execPath,
			[sealportProgram, String(backend), '--port', '0', '--json'],
			clock,
			true,
		);
		const {port, ca: caFile} = await run.listening();
		const ca = readFileSync(caFile ?? '', 'utf8');
		const talk = await converse(t, port);
		let rounds = 0;
		for (const alpn of ['http/1.1', 'h2']) {
			for (const name of ['', 'localhost', 'app.localhost']) {
				const first = await leafFor(t, port, ca, name, alpn);
				await until(`another leaf for "${name}" over ${alpn}`, async () => {
					await talk.once();
					rounds++;
					const next = await leafFor(t, port, ca, name, alpn);
					const isNew = next.serialNumber !== first.serialNumber;
					t.is(isNew, Date.parse(next.validFrom) >= Date.parse(first.validFrom) + 19.9 * day);
					return isNew;
				});
			}
		}
		t.is(talk.ends.size, 1, 'all short requests went over one connection');
		const whole = `begun,${'more,'.repeat(rounds)}done`;
		t.deepEqual(await talk.finish(), [whole, whole]);
		t.regex(run.stderr, /^$/);
	},
);
