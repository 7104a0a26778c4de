import test, {type ExecutionContext} from 'ava';
import type {ProxyOptions} from '../../lib/forward/seams.js';
import {startRawBackend} from '../helpers/backend.js';
import {fetchHttp1, fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {startProxied, type Told, telling} from '../helpers/proxied.js';
import {startTunnel} from '../helpers/tunnel.js';

async function ask(
	t: ExecutionContext,
	options: ProxyOptions,
	request: Parameters<typeof fetchHttp1>[2] = {},
	{path = '/a?b', base = ''} = {},
): Promise<Told & {readonly port: number}> {
	const {tunnel, port} = await startProxied(t, telling, target => ({
		'/': {backend: `${target}${base}`, ...options},
	}));
	const {body} = await fetchHttp1(tunnel, path, request);
	return {...(JSON.parse(body) as Told), port};
}

test('changeOrigin sends the backend its own host, over HTTP/2, too', async t => {
	const {tunnel, port} = await startProxied(t, telling, backend => ({
		'/': {backend, changeOrigin: true},
	}));
	const host = `localhost:${port}`;
	const {body} = await fetchHttp1(tunnel, '/');
	t.is((JSON.parse(body) as Told).headers.host, host);
	const session = await openHttp2(t, tunnel);
	const answer = await fetchHttp2(session, {':path': '/'});
	const {headers} = JSON.parse(answer.body) as Told;
	t.is(headers.host, host);
	t.is(headers['x-forwarded-host'], `localhost:${tunnel.port}`);
});

test('without changeOrigin the backend gets the host that the client asked for', async t => {
	const {headers, port} = await ask(t, {xfwd: true, secure: false, preserveHeaderKeyCase: true});
	t.not(headers.host, `localhost:${port}`);
	t.is(headers['x-forwarded-proto'], 'https');
});

test('headers take the place of those of the client', async t => {
	const headers = {'X-Own': 'mine', 'x-count': 7, 'x-list': ['a', 'b']};
	const told = await ask(t, {headers}, {headers: {'x-own': 'theirs', 'x-other': 'stays'}});
	t.is(told.headers['x-own'], 'mine');
	t.is(told.headers['x-count'], '7');
	t.is(told.headers['x-list'], 'a, b');
	t.is(told.headers['x-other'], 'stays');
});

test('auth is for requests that have no Authorization', async t => {
	const given = await ask(t, {auth: 'me:secret'});
	t.is(given.headers.authorization, `Basic ${Buffer.from('me:secret').toString('base64')}`);
	const own = await ask(t, {auth: 'me:secret'}, {headers: {authorization: 'Bearer x'}});
	t.is(own.headers.authorization, 'Bearer x');
});

for (const [options, expected] of [
	[{prependPath: true}, '/base/a?b'],
	[{prependPath: false}, '/a?b'],
	[{ignorePath: true}, '/base'],
	[{ignorePath: true, prependPath: false}, '/'],
] as const) {
	test(`${JSON.stringify(options)} asks for ${expected}`, async t => {
		t.is((await ask(t, options, {}, {base: '/base'})).url, expected);
	});
}

test('doubled slashes and odd escapes of a path stay as they are', async t => {
	t.is((await ask(t, {changeOrigin: true}, {}, {path: '/a//b/%7e?c=//d'})).url, '/a//b/%7e?c=//d');
});

for (const method of ['DELETE', 'OPTIONS', 'POST', 'PUT']) {
	test(`${method} has its body, with a length and in chunks, with all options on its way`, async t => {
		const options = {changeOrigin: true, headers: {'x-own': '1'}, configure: () => undefined};
		for (const headers of [{'content-length': 4}, {'transfer-encoding': 'chunked'}]) {
			const told = await ask(t, options, {method, body: 'body', headers});
			t.is(told.method, method);
			t.is(told.body, 'body');
		}
	});
}

test('localAddress is where the backend is connected to from', async t => {
	const {tunnel} = await startProxied(
		t,
		(request, response) => response.end(request.socket.remoteAddress),
		(_target, port) => ({'/': {backend: `127.0.0.1:${port}`, localAddress: '127.0.0.9'}}),
	);
	t.is((await fetchHttp1(tunnel, '/')).body, '127.0.0.9');
});

test('proxyTimeout ends a request whose backend is silent', async t => {
	const {port, open} = await startRawBackend(t, socket => socket.resume());
	const routes = {'/': {backend: port, proxyTimeout: 200}};
	const tunnel = await startTunnel(t, port, {routes});
	const {status, headers} = await fetchHttp1(tunnel, '/');
	t.is(status, 504);
	t.is(headers['sealport-error'], 'backend-timeout');
	t.is(open.size, 0);
});

test('timeout ends a request of which nothing moves', async t => {
	const {port} = await startRawBackend(t, socket => socket.resume());
	const tunnel = await startTunnel(t, port, {routes: {'/': {backend: port, timeout: 200}}});
	const {status} = await fetchHttp1(tunnel, '/');
	t.is(status, 408);
});

test('a timeout that is not reached does no harm', async t => {
	const {body} = await ask(t, {timeout: 60_000, proxyTimeout: 60_000}, {method: 'POST', body: 'x'});
	t.is(body, 'x');
});
