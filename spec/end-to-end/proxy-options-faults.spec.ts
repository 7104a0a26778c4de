import test from 'ava';
import type {ProxyInstance} from '../../lib/forward/seams.js';
import {startBackend} from '../helpers/backend.js';
import {fetchHttp1, fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {startProxied, telling} from '../helpers/proxied.js';
import {startTunnel} from '../helpers/tunnel.js';

// An error that nobody catches would end this process, and with it all of these specs.

const boom = () => {
	throw new Error('boom');
};

for (const event of ['start', 'proxyReq', 'proxyRes'] as const) {
	test(`a listener for ${event} that throws is told to be at fault, and the next request is served`, async t => {
		let throws = true;
		const {tunnel} = await startProxied(t, telling, backend => ({
			'/': {backend, configure: proxy => proxy.on(event, () => throws && boom())},
		}));
		const {status, headers, body} = await fetchHttp1(tunnel, '/', {method: 'POST', body: 'x'});
		t.is(status, 500);
		t.is(headers['sealport-error'], 'function-failed');
		t.regex(body, new RegExp(`a listener for ${event} of the route / failed: Error: boom`));
		const session = await openHttp2(t, tunnel);
		t.is((await fetchHttp2(session, {':path': '/'})).status, 500);
		throws = false;
		t.is((await fetchHttp1(tunnel, '/')).status, 200);
	});
}

test('a field that cannot be sent is the fault of the listener that sets it', async t => {
	const {tunnel} = await startProxied(t, telling, backend => ({
		'/': {
			backend,
			configure: proxy => proxy.on('proxyReq', request => request.setHeader('x', 'a\nb')),
		},
	}));
	t.is((await fetchHttp1(tunnel, '/')).headers['sealport-error'], 'function-failed');
});

test('a listener for error that throws is told to be at fault', async t => {
	const {port, server} = await startBackend(t, telling);
	server.close();
	const configure = (proxy: ProxyInstance) => proxy.on('error', boom);
	const tunnel = await startTunnel(t, port, {routes: {'/': {backend: port, configure}}});
	const {status, headers} = await fetchHttp1(tunnel, '/');
	t.is(status, 500);
	t.is(headers['sealport-error'], 'function-failed');
});

test('a listener for end that throws does no harm', async t => {
	const {tunnel} = await startProxied(t, telling, backend => ({
		'/': {backend, configure: proxy => proxy.on('end', boom)},
	}));
	t.is((await fetchHttp1(tunnel, '/')).status, 200);
	t.is((await fetchHttp1(tunnel, '/')).status, 200);
});

test('promises of listeners that are rejected do not end the process', async t => {
	const events = ['start', 'proxyReq', 'proxyRes', 'end'] as const;
	const routes = Object.fromEntries(events.map(event => [`/${event}`, event]));
	const {tunnel} = await startProxied(t, telling, backend =>
		Object.fromEntries(
			Object.entries(routes).map(([path, event]) => [
				path,
				{backend, configure: (proxy: ProxyInstance) => proxy.on(event, async () => boom())},
			]),
		),
	);
	for (const path of Object.keys(routes)) {
		await fetchHttp1(tunnel, path).catch(() => undefined);
		t.pass();
	}
});

test('a promise of configure that is rejected is told to whoever asks', async t => {
	const {tunnel} = await startProxied(t, telling, backend => ({
		'/': {backend, configure: (async () => boom()) as () => void},
	}));
	const {status, body} = await fetchHttp1(tunnel, '/');
	t.is(status, 500);
	t.regex(body, /configure of the route \/ failed: Error: boom/);
});

test('listeners can be taken away again, and those for once are called once', async t => {
	let once = 0;
	let gone = 0;
	const count = () => {
		gone++;
	};
	const {tunnel} = await startProxied(t, telling, backend => ({
		'/': {
			backend,
			configure(proxy) {
				proxy.once('proxyReq', () => {
					once++;
				});
				proxy.on('proxyReq', count);
				proxy.off('proxyReq', count);
			},
		},
	}));
	await fetchHttp1(tunnel, '/');
	await fetchHttp1(tunnel, '/');
	t.is(once, 1);
	t.is(gone, 0);
});
