import {once} from 'node:events';
import ava, {type ExecutionContext} from 'ava';
import {WebSocket, WebSocketServer} from 'ws';
import {startBackend, startRawBackend} from '../helpers/backend.js';
import {dial, refuses} from '../helpers/dial.js';
import type {Endpoint} from '../helpers/endpoint.js';
import {fetchHttp1, fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {onEachLane, test as onLanes} from '../helpers/lanes.js';
import {isRunning} from '../helpers/process.js';
import {openTcp, openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {test as onVersions, webSocketAs} from '../helpers/versions.js';
import {type Wrapped, wrap} from '../helpers/wrapped.js';

/** What runs has this long to finish, in milliseconds. */
const grace = 10_000;

/** An exit that waits for nothing ends before the grace period does, on however busy a machine. */
const atOnce = grace;

/** What is cut ends some time after the grace period. What holds the exit up holds it up for good. */
const cutBy = grace + 60_000;

// One after another: they are about time, and each has a process of its own.
const test = onEachLane(ava.serial);

/** A backend that answers with one half at once, and with the other when it is told to. */
async function startSlowBackend(t: ExecutionContext) {
	const held: Array<() => void> = [];
	const {port, server} = await startBackend(t, (request, response) => {
		if (request.url === '/quick') {
			response.end('quick');
			return;
		}
		response.write('first half, ');
		held.push(() => response.end('second half'));
	});
	return {
		port,
		server,
		held: () => until('the backend has the request', () => held.length > 0),
		finish() {
			for (const end of held.splice(0)) {
				end();
			}
		},
	};
}

/** Sends a signal and waits until the process no longer accepts anything. */
async function signal({run, port}: Wrapped, name: NodeJS.Signals): Promise<void> {
	run.child.kill(name);
	await refuses(port);
}

/** Sends a signal, and gives the exit code and how long the exit took, in milliseconds. */
async function end({run, pid}: Wrapped, name: NodeJS.Signals) {
	const began = performance.now();
	run.child.kill(name);
	const code = await run.ended;
	return {code, took: performance.now() - began, running: isRunning(pid)};
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

for (const [name, code] of [
	['SIGTERM', 143],
	['SIGINT', 130],
] as const) {
	test(`${name} lets slow responses complete, over HTTP/1.1 and HTTP/2, and exits with ${code}`, async t => {
		const backend = await startSlowBackend(t);
		const wrapped = await wrap(t, backend.port);
		const session = await openHttp2(t, wrapped);
		const over1 = fetchHttp1(wrapped, '/slow');
		await backend.held();
		const over2 = fetchHttp2(session, {':path': '/slow'});
		await until('the backend has both', async () => (await connectionsOf(backend.server)) === 2);
		await signal(wrapped, name);
		t.is(await dial(wrapped.port), 'ECONNREFUSED');
		backend.finish();
		const began = performance.now();
		t.is((await over1).body, 'first half, second half');
		t.is((await over2).body, 'first half, second half');
		t.is(await wrapped.run.ended, code);
		t.true(performance.now() - began < atOnce);
		t.false(isRunning(wrapped.pid));
	});
}

test('the demo ends with its backend, and leaves no process behind', async t => {
	const wrapped = await wrap(t, 'demo');
	const clock = await openTls(t, wrapped);
	clock.write(get('/events'));
	await clock.until('data:');
	const backend = Number(/:(\d+)$/.exec((await listenedTo(wrapped)).backend)?.[1]);
	t.is(await dial(backend), 'accepted');
	const {code, took, running} = await end(wrapped, 'SIGTERM');
	t.is(code, 143);
	t.true(took > grace - 1000 && took < cutBy);
	t.false(running);
	t.is(await dial(backend), 'ECONNREFUSED');
});

async function listenedTo({run}: Wrapped) {
	const [route] = (await run.listening()).routes;
	return route ?? Promise.reject(new Error('no route'));
}

const idle: Readonly<Record<string, (t: ExecutionContext, to: Endpoint) => Promise<unknown>>> = {
	'no connection': async () => undefined,
	'an HTTP/1.1 connection that has been used': async (t, wrapped) => {
		const client = await openTls(t, wrapped);
		client.write(get('/quick'));
		await client.until('quick');
	},
	'an HTTP/1.1 connection that has not been used yet': (t, wrapped) => openTls(t, wrapped),
	'half a request head': async (t, wrapped) => {
		const client = await openTls(t, wrapped);
		client.write('GET / HTTP/1.1\r\nHost: local');
	},
	'an HTTP/2 connection that has been used': async (t, wrapped) => {
		const session = await openHttp2(t, wrapped);
		await fetchHttp2(session, {':path': '/quick'});
	},
	'an HTTP/2 connection that has not been used yet': (t, wrapped) => openHttp2(t, wrapped),
	'a connection that has agreed on HTTP/2 and says nothing': (t, wrapped) =>
		openTls(t, wrapped, 'h2'),
	'a connection that has not said anything': (t, wrapped) => openTcp(t, wrapped.port),
	'half a handshake': async (t, wrapped) => {
		const client = await openTcp(t, wrapped.port);
		client.write(Buffer.from([0x16, 3, 1, 2, 0, 1]));
	},
	'half a head in plain HTTP': async (t, wrapped) => {
		const client = await openTcp(t, wrapped.port);
		client.write('GET / HT');
	},
};

for (const [what, open] of Object.entries(idle)) {
	test(`a drain waits for nothing with ${what}`, async t => {
		const backend = await startSlowBackend(t);
		const tunnel = await startTunnel(t, backend.port);
		await open(t, tunnel);
		// What the client has sent is to be where the proxy can see it.
		t.is((await fetchHttp1(tunnel, '/quick')).body, 'quick');
		// With a grace period that outlasts the spec's own time limit: a drain that waits for it fails.
		await tunnel.close(600_000);
		await t.notThrowsAsync(refuses(tunnel.port));
	});
}

test('the exit waits for nothing with idle connections open', async t => {
	const backend = await startSlowBackend(t);
	const wrapped = await wrap(t, backend.port);
	for (const open of Object.values(idle)) {
		await open(t, wrapped);
	}
	t.is((await fetchHttp1(wrapped, '/quick')).body, 'quick');
	const {code, took, running} = await end(wrapped, 'SIGTERM');
	t.is(code, 143);
	t.true(took < atOnce);
	t.false(running);
});

/** Exchanges that would never end; each is let go of only by the proxy. */
const endless: Readonly<
	Record<string, (t: ExecutionContext) => Promise<[Wrapped, () => boolean]>>
> = {
	'a WebSocket': async t => {
		const {port, server} = await startBackend(t, (_request, response) => response.end());
		const sockets = new WebSocketServer({server});
		const wrapped = await wrap(t, port);
		const client = new WebSocket(`wss://localhost:${wrapped.port}`, webSocketAs(t, wrapped));
		let gone = false;
		client.on('error', () => undefined);
		client.on('close', () => {
			gone = true;
		});
		t.teardown(() => client.terminate());
		await once(client, 'open');
		t.is(sockets.clients.size, 1);
		return [wrapped, () => gone && sockets.clients.size === 0];
	},
	'a tunnel whose backend does not read': async t => {
		const backend = await startRawBackend(t, socket => {
			socket.once('data', () => {
				socket.pause();
				socket.write(
					'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
				);
			});
		});
		const wrapped = await wrap(t, backend.port);
		const client = await openTls(t, wrapped);
		client.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
		await client.until('101');
		client.socket.write(Buffer.alloc(32 * 2 ** 20));
		return [wrapped, () => client.socket.destroyed];
	},
	'server-sent events over HTTP/1.1': t =>
		watchEvents(t, async wrapped => {
			const client = await openTls(t, wrapped);
			client.write(get('/events'));
			await client.until('data: 1');
			return () => client.socket.destroyed;
		}),
	'server-sent events over HTTP/2': t =>
		watchEvents(t, async wrapped => {
			const session = await openHttp2(t, wrapped);
			const stream = session.request({':path': '/events'});
			stream.on('error', () => undefined);
			await once(stream, 'data');
			return () => stream.destroyed;
		}),
};

async function watchEvents(
	t: ExecutionContext,
	watch: (wrapped: Wrapped) => Promise<() => boolean>,
): Promise<[Wrapped, () => boolean]> {
	const {port} = await startBackend(t, (_request, response) => {
		response.writeHead(200, {'content-type': 'text/event-stream'});
		response.write('data: 1\n\n');
	});
	const wrapped = await wrap(t, port);
	return [wrapped, await watch(wrapped)];
}

for (const [what, open] of Object.entries(endless)) {
	const test = what === 'a WebSocket' ? onVersions : onLanes;
	test(`${what} is cut after the grace period, and the exit is not held up`, async t => {
		const [wrapped, gone] = await open(t);
		const {code, took} = await end(wrapped, 'SIGTERM');
		t.is(code, 143);
		t.true(took > grace - 1000);
		t.true(took < cutBy);
		await until('both sides have been let go of', gone);
	});
}

for (const second of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
	test(`a second signal, ${second}, ends at once`, async t => {
		const backend = await startSlowBackend(t);
		const wrapped = await wrap(t, backend.port);
		const client = await openTls(t, wrapped);
		client.write(get('/slow'));
		await client.until('first half');
		await signal(wrapped, 'SIGTERM');
		const {code, took} = await end(wrapped, second);
		t.is(code, 143);
		t.true(took < atOnce);
		t.notRegex(await client.closed(), /second half|\r\n0\r\n/);
	});
}

test('while draining, a further request on a kept connection gets 503 and its connection ends', async t => {
	const backend = await startSlowBackend(t);
	const wrapped = await wrap(t, backend.port);
	const client = await openTls(t, wrapped);
	client.write(get('/slow'));
	await client.until('first half');
	await signal(wrapped, 'SIGTERM');
	client.write(get('/quick'));
	await until('the request has arrived', () => client.socket.writableLength === 0);
	backend.finish();
	const all = await client.closed();
	t.regex(all, /second half\r\n0\r\n\r\n/);
	const next = all.slice(all.indexOf('second half'));
	if (next.includes('HTTP/1.1')) {
		t.regex(next, /HTTP\/1\.1 503 .*\r\n(.+\r\n)*connection: close\r\n/i);
	}
	t.notRegex(all, /quick/);
	t.is(await wrapped.run.ended, 143);
});

test('while draining, an HTTP/2 connection takes no further request and finishes what runs', async t => {
	const backend = await startSlowBackend(t);
	const wrapped = await wrap(t, backend.port);
	const session = await openHttp2(t, wrapped);
	const slow = fetchHttp2(session, {':path': '/slow'});
	await backend.held();
	const told = once(session, 'goaway');
	await signal(wrapped, 'SIGTERM');
	await told;
	await t.throwsAsync(fetchHttp2(session, {':path': '/quick'}));
	backend.finish();
	t.is((await slow).body, 'first half, second half');
	t.is(await wrapped.run.ended, 143);
});

test('while a response is still running, a connection without a handshake is cut at once', async t => {
	const backend = await startSlowBackend(t);
	const wrapped = await wrap(t, backend.port);
	const running = await openTls(t, wrapped);
	running.write(get('/slow'));
	await running.until('first half');
	const late = await openTcp(t, wrapped.port);
	t.is((await fetchHttp1(wrapped, '/quick')).body, 'quick');
	await signal(wrapped, 'SIGTERM');
	t.is(await late.closed(), '');
	t.notRegex(running.received, /second half/);
	backend.finish();
	t.regex(await running.closed(), /second half/);
	t.is(await wrapped.run.ended, 143);
});

function connectionsOf(server: {
	getConnections(callback: (error: Error | null, count: number) => void): unknown;
}): Promise<number> {
	return new Promise((resolve, reject) => {
		server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
	});
}
