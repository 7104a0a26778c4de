import type {ExecutionContext} from 'ava';
import {serve, type Tunnel} from '../../lib/index.js';
import {startBackend} from '../helpers/backend.js';
import {refuses} from '../helpers/dial.js';
import {fetchHttp1, openHttp2} from '../helpers/fetch.js';
import {lastingAddress} from '../helpers/free-port.js';
import {laneOf, test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

/** A backend whose responses begin at once and never end. */
async function startEndless(t: ExecutionContext): Promise<number> {
	const {port} = await startBackend(t, (request, response) => {
		request.url === '/quick' ? response.end('quick') : response.write('begun');
	});
	return port;
}

async function openEndless(t: ExecutionContext, tunnel: Tunnel) {
	const client = await openTls(t, tunnel);
	client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
	await client.until('begun');
	return client;
}

test('close resolves when everything has ended, and both calls of two do', async t => {
	const tunnel = await startTunnel(t, await startEndless(t));
	let events = 0;
	tunnel.on('close', () => {
		events++;
	});
	const client = await openEndless(t, tunnel);
	const both = [tunnel.close(100), tunnel.close()];
	await Promise.all(both);
	t.true(client.socket.destroyed || (await client.closed()).includes('begun'));
	await t.notThrowsAsync(refuses(tunnel.port));
	await tunnel.close();
	t.is(events, 1);
});

test('close(0) cuts what runs, and the client can tell', async t => {
	const tunnel = await startTunnel(t, await startEndless(t));
	const client = await openEndless(t, tunnel);
	const session = await openHttp2(t, tunnel);
	const stream = session.request({':path': '/'});
	let whole = false;
	stream.on('end', () => {
		whole = true;
	});
	stream.on('error', () => undefined);
	stream.resume();
	await until('the response has begun', () => stream.sentHeaders !== undefined);
	await tunnel.close(0);
	t.notRegex(await client.closed(), /\r\n0\r\n/);
	await until('the session is gone', () => session.destroyed);
	t.false(whole && stream.rstCode === 0);
});

test('a signal that aborts closes the tunnel', async t => {
	const controller = new AbortController();
	const tunnel = await startTunnel(t, await startEndless(t), {signal: controller.signal});
	t.is((await fetchHttp1(tunnel, '/quick')).body, 'quick');
	const closed = new Promise<void>(resolve => tunnel.once('close', resolve));
	controller.abort();
	await closed;
	await t.notThrowsAsync(refuses(tunnel.port));
});

test('a signal that has aborted before starts nothing', async t => {
	const reason = new Error('not wanted any more');
	const signal = AbortSignal.abort(reason);
	const thrown = await t.throwsAsync(startTunnel(t, await startEndless(t), {signal}));
	t.is(thrown, reason);
});

test('a signal that aborts while the tunnel starts leaves nothing open', async t => {
	const controller = new AbortController();
	const {port} = lastingAddress();
	const certs = temporaryDirectory(t);
	const starting = serve({
		routes: await startEndless(t),
		port,
		certs,
		lane: laneOf(t),
		signal: controller.signal,
	});
	controller.abort();
	const outcome = await starting.catch((error: unknown) => error);
	if (!(outcome instanceof Error)) {
		t.teardown(async () => (await starting).close(0));
	}
	t.true(outcome instanceof Error && outcome.name === 'AbortError', String(outcome));
	await t.notThrowsAsync(refuses(port));
});

test('await using closes at the end of the block', async t => {
	let port = 0;
	{
		await using tunnel = await startTunnel(t, await startEndless(t));
		port = tunnel.port;
		t.is((await fetchHttp1(tunnel, '/quick')).body, 'quick');
	}
	t.not(port, 0);
	await t.notThrowsAsync(refuses(port));
});
