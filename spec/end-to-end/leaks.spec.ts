import {once} from 'node:events';
import {constants} from 'node:http2';
import type {Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import {abandon, departures, times} from '../helpers/abandon.js';
import {startBackend, startRawBackend} from '../helpers/backend.js';
import {fetchHttp1, fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {onEachLane} from '../helpers/lanes.js';
import {descriptors, onLinux} from '../helpers/process.js';
import {until} from '../helpers/until.js';
import {onEachVersion} from '../helpers/versions.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';
import {type Wrapped, wrap} from '../helpers/wrapped.js';

const test = onEachLane(onLinux);
const onVersions = onEachVersion(onLinux);

// A single descriptor is seen. A fifth of what is promised; SEALPORT_SPEC_FULL asks for the whole.
const count = process.env.SEALPORT_SPEC_FULL === undefined ? 200 : 1000;

const leaving = Object.values(departures);

const upgrade = (path: string, more = '') => `${askFor(path)}${more}`;

/** A request, and what the client waits for before it leaves in the midst of it. */
type Stage = readonly [text: string, answered?: (received: string) => boolean | Promise<boolean>];

test(`${count} upgrades aborted half-way leave no socket and no descriptor`, async t => {
	const held = new Map<string, Socket>();
	const {port, open} = await startRawBackend(t, socket => {
		socket.once('data', chunk => {
			const path = String(chunk).split(' ')[1] ?? '';
			held.set(path, socket);
			socket.once('close', () => held.delete(path));
			if (path.startsWith('/plain')) {
				socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
			} else if (path.startsWith('/switch')) {
				socket.write(agreeTo(chunk));
			} else if (path.startsWith('/break')) {
				socket.write(agreeTo(chunk).slice(0, 30), () => socket.resetAndDestroy());
			} else if (path.startsWith('/flood')) {
				socket.write(agreeTo(chunk));
				socket.write(Buffer.alloc(2 ** 20));
			}
		});
	});
	const wrapped = await wrap(t, port);
	const before = await atRest(wrapped);
	const ended = (text: string) => text.includes('\r\n\r\n');
	const stages: ReadonlyArray<(id: number) => Stage> = [
		() => ['GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upg'],
		id => [upgrade(`/hold/${id}`)],
		id => [upgrade(`/hold/${id}`), () => arrival(held, `/hold/${id}`)],
		id => [upgrade(`/hold/${id}`, 'early'), () => arrival(held, `/hold/${id}`)],
		id => [upgrade(`/switch/${id}`)],
		id => [upgrade(`/switch/${id}`), ended],
		id => [upgrade(`/switch/${id}`, 'early'), ended],
		id => [upgrade(`/flood/${id}`), ended],
		id => [upgrade(`/break/${id}`), ended],
	];
	await times(count, async index => {
		const stage = stages[index % stages.length]?.(index);
		const leave = leaving[Math.floor(index / stages.length) % leaving.length];
		if (stage !== undefined && leave !== undefined) {
			const [text, answered] = stage;
			await abandon(t, wrapped, text, leave, answered);
		}
	});
	await until('the backend has been let go of', () => open.size === 0);
	await allBack(wrapped.pid, before);
	t.is((await fetchHttp1(wrapped, '/plain')).body, 'ok');
	t.is(wrapped.run.stderr, '');
});

onVersions('an upgrade that is held, whose client sends on and leaves, is let go of', async t => {
	const {port, open} = await startRawBackend(t, socket => socket.resume());
	const wrapped = await wrap(t, port);
	const before = descriptors(wrapped.pid);
	for (const size of [5, 50_000]) {
		await abandon(
			t,
			wrapped,
			upgrade('/hold'),
			tls => tls.write(Buffer.alloc(size), () => tls.end()),
			async () => {
				await until('the backend has the request', () => open.size > 0);
				return true;
			},
		);
		await until('the backend has been let go of', () => open.size === 0);
	}
	await allBack(wrapped.pid, before);
	t.pass();
});

async function arrival(held: ReadonlyMap<string, Socket>, path: string): Promise<boolean> {
	await until(`${path} has arrived`, () => held.has(path));
	return true;
}

async function allBack(pid: number, before: number): Promise<void> {
	await until('all descriptors are back', () => descriptors(pid) <= before);
}

/** How many descriptors a process has when it has served and nothing is open. */
async function atRest(wrapped: Wrapped): Promise<number> {
	const fresh = descriptors(wrapped.pid);
	await fetchHttp1(wrapped, '/plain');
	await until('it is at rest', () => descriptors(wrapped.pid) <= fresh);
	return fresh;
}

const big = Buffer.alloc(2 ** 20, 'big');

async function startVariedBackend(t: ExecutionContext) {
	const {port, server} = await startBackend(t, (request, response) => {
		// Who does not read does not notice that the other side has left.
		request.resume();
		if (request.url === '/hold') {
			response.on('error', () => undefined);
		} else if (request.url === '/half') {
			response.writeHead(200, {'content-length': big.length});
			response.write(big.subarray(1));
		} else if (request.url === '/big') {
			response.end(big);
		} else {
			request.once('end', () => response.end('ok'));
		}
	});
	return {
		port,
		async letGo(): Promise<boolean> {
			server.closeIdleConnections();
			return new Promise(resolve => server.getConnections((_error, count) => resolve(count === 0)));
		},
	};
}

test(`${count} requests over HTTP/1.1, half of them aborted, leave no descriptor`, async t => {
	const {port, letGo} = await startVariedBackend(t);
	const wrapped = await wrap(t, port);
	const before = descriptors(wrapped.pid);
	const begun = (text: string) => text.includes('\r\n\r\n');
	const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
	const post = (path: string) =>
		`POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400000\r\n\r\n${'x'.repeat(100_000)}`;
	const stages: readonly Stage[] = [
		[''],
		['GET / HTT'],
		[get('/hold')],
		[get('/half')],
		[get('/half'), begun],
		[get('/big'), begun],
		[get('/quick'), begun],
		[post('/hold')],
		[post('/quick')],
		[post('/half'), begun],
		[get('/quick') + get('/hold') + get('/quick'), begun],
		[get('/half') + get('/hold') + get('/quick'), begun],
	];
	await times(count, async index => {
		if (index % 2 === 0) {
			const body = index % 4 === 0 ? 'x'.repeat(100_000) : undefined;
			const method = body === undefined ? 'GET' : 'POST';
			const {status} = await fetchHttp1(wrapped, '/quick', {method, ...(body && {body})});
			t.is(status, 200);
			return;
		}
		const at = (index - 1) / 2;
		const [text, answered] = stages[at % stages.length] ?? [''];
		const leave = leaving[Math.floor(at / stages.length) % leaving.length];
		await abandon(t, wrapped, text, leave ?? (tls => tls.end()), answered);
	});
	await until('the backend has been let go of', letGo);
	await allBack(wrapped.pid, before);
	t.is(wrapped.run.stderr, '');
});

test(`${count} requests over HTTP/2, half of them aborted, leave no descriptor`, async t => {
	const {port, letGo} = await startVariedBackend(t);
	const wrapped = await wrap(t, port);
	const before = descriptors(wrapped.pid);
	const session = await openHttp2(t, wrapped);
	const stages = [
		['GET', '/hold', false],
		['GET', '/half', false],
		['GET', '/half', true],
		['GET', '/big', true],
		['POST', '/hold', false],
		['POST', '/quick', false],
		['POST', '/half', true],
	] as const;
	await times(count, async index => {
		if (index % 2 === 0) {
			const body = index % 4 === 0 ? 'x'.repeat(100_000) : undefined;
			const method = body === undefined ? 'GET' : 'POST';
			const {status} = await fetchHttp2(session, {':method': method, ':path': '/quick'}, body);
			t.is(status, 200);
			return;
		}
		const [method, path, begun] = stages[((index - 1) / 2) % stages.length] ?? stages[0];
		// Every tenth goes with its whole connection.
		const alone = index % 20 === 1 ? await openHttp2(t, wrapped) : undefined;
		const stream = (alone ?? session).request({':method': method, ':path': path});
		stream.on('error', () => undefined);
		const closed = new Promise<void>(resolve => stream.once('close', () => resolve()));
		if (method === 'POST') {
			stream.write(Buffer.alloc(50_000));
		}
		if (begun) {
			await once(stream, 'response');
		}
		alone === undefined ? stream.close(constants.NGHTTP2_CANCEL) : alone.destroy();
		await closed;
	});
	t.is((await fetchHttp2(session, {':path': '/quick'})).body, 'ok');
	session.close();
	await until('the backend has been let go of', letGo);
	await allBack(wrapped.pid, before);
	t.is(wrapped.run.stderr, '');
});
