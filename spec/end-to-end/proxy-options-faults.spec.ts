import type {IncomingMessage} from 'node:http';
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

type Listener = (proxyRes: IncomingMessage) => void;

const unsendable: readonly (readonly [string, Listener])[] = [
	['a line break in a value', ({headers}) => Object.assign(headers, {'x-a': 'b\r\nx-evil: 1'})],
	['what becomes one', ({headers}) => Object.assign(headers, {'x-a': 'b\u010d\u010ax-evil: 1'})],
	['a line break in a name', ({headers}) => Object.assign(headers, {'x-a: b\r\nx-evil': '1'})],
	['one of several values', ({headers}) => Object.assign(headers, {'set-cookie': ['a', 'b\0']})],
	[
		'a line break in the reason',
		proxyRes => Object.assign(proxyRes, {statusMessage: 'a\r\nx-evil: 1'}),
	],
	['no status', proxyRes => Object.assign(proxyRes, {statusCode: 99})],
];
for (const [what, listener] of unsendable) {
	test(`a listener for proxyRes cannot smuggle: ${what}`, async t => {
		const {tunnel} = await startProxied(t, telling, backend => ({
			'/': {backend, configure: proxy => proxy.on('proxyRes', listener)},
		}));
		const {status, headers} = await fetchHttp1(tunnel, '/');
		t.is(status, 500);
		t.is(headers['sealport-error'], 'function-failed');
		t.is(headers['x-evil'], undefined);
	});
}

test('options cannot smuggle fields into cookies', async t => {
	const {tunnel} = await startProxied(
		t,
		(_request, response) => response.setHeader('set-cookie', 'a=1; Domain=x.test').end(),
		backend => ({'/': {backend, cookieDomainRewrite: 'y\r\nx-evil: 1'}}),
	).catch(() => ({tunnel: undefined}));
	if (tunnel !== undefined) {
		t.is((await fetchHttp1(tunnel, '/')).headers['x-evil'], undefined);
	}
	t.pass();
});

for (const fields of [{'content-length': '1'}, {'transfer-encoding': 'gzip'}]) {
	test(`a listener for proxyRes does not change the framing: ${JSON.stringify(fields)}`, async t => {
		const {tunnel} = await startProxied(
			t,
			(_request, response) => response.end('whole'),
			backend => ({
				'/': {
					backend,
					configure: proxy =>
						proxy.on('proxyRes', ({headers}) => {
							Object.assign(headers, fields);
						}),
				},
			}),
		);
		t.like(await fetchHttp1(tunnel, '/'), {status: 200, body: 'whole'});
		const session = await openHttp2(t, tunnel);
		t.like(await fetchHttp2(session, {':path': '/'}), {status: 200, body: 'whole'});
	});
}

test('bypass that answers what is not HTTP is told to be at fault', async t => {
	const {tunnel} = await startProxied(t, telling, backend => ({
		'/': {
			backend,
			bypass(_request, response) {
				response?.writeHead(200, {'transfer-encoding': 'gzip'}).end('x');
			},
		},
	}));
	const {status, headers} = await fetchHttp1(tunnel, '/');
	t.is(status, 500);
	t.is(headers['sealport-error'], 'function-failed');
});
