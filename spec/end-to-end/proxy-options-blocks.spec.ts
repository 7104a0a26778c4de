import {once} from 'node:events';
import {createServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {WebSocket, WebSocketServer} from 'ws';
import {startBackend} from '../helpers/backend.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {type Told, telling} from '../helpers/proxied.js';
import {startTunnel} from '../helpers/tunnel.js';

/** A server of WebSockets that says what it was asked for, then echoes. */
async function startSockets(t: ExecutionContext): Promise<number> {
	const server = createServer((_request, response) => response.end('no socket'));
	const sockets = new WebSocketServer({server});
	sockets.on('connection', (socket, request: IncomingMessage) => {
		const {origin, host} = request.headers;
		socket.send(JSON.stringify({url: request.url, origin, host, own: request.headers['x-own']}));
		socket.on('message', data => socket.send(data));
	});
	await new Promise<void>(resolve => server.listen(0, 'localhost', resolve));
	t.teardown(() => {
		sockets.close();
		server.closeAllConnections();
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

async function openSocket(
	t: ExecutionContext,
	{port, ca}: {readonly port: number; readonly ca: string | undefined},
	path: string,
) {
	const socket = new WebSocket(`wss://localhost:${port}${path}`, {ca, origin: 'https://a.test'});
	t.teardown(() => socket.terminate());
	const [data] = await once(socket, 'message');
	return {socket, told: JSON.parse(String(data)) as Record<string, string>};
}

const toldBy = async (tunnel: Parameters<typeof fetchHttp1>[0], path: string, headers = {}) =>
	JSON.parse((await fetchHttp1(tunnel, path, {headers})).body) as Told;

test("the block of Vite's documentation", async t => {
	const foo = await startBackend(t, telling, 'localhost');
	const api = await startBackend(t, telling, 'localhost');
	const sockets = await startSockets(t);
	const tunnel = await startTunnel(t, 1, {
		routes: {
			// string shorthand:
			'/foo': `http://localhost:${foo.port}`,
			// with options:
			'/api': {
				target: `http://localhost:${api.port}`,
				changeOrigin: true,
				rewrite: path => path.replace(/^\/api/, ''),
			},
			// with RegExp:
			'^/fallback/.*': {
				target: `http://localhost:${api.port}`,
				changeOrigin: true,
				rewrite: path => path.replace(/^\/fallback/, ''),
			},
			// using the proxy instance:
			'/configured': {
				target: `http://localhost:${api.port}`,
				changeOrigin: true,
				configure: (proxy, options) => {
					proxy.on('proxyReq', proxyReq =>
						proxyReq.setHeader('x-own', String(options.changeOrigin)),
					);
				},
			},
			// proxying websockets or socket.io:
			'/socket.io': {
				target: `ws://localhost:${sockets}`,
				ws: true,
				rewriteWsOrigin: true,
			},
		},
	});
	t.is((await toldBy(tunnel, '/foo/bar')).url, '/foo/bar');
	t.like(await toldBy(tunnel, '/api/bar?x'), {url: '/bar?x'});
	t.is((await toldBy(tunnel, '/api/bar')).headers.host, `localhost:${api.port}`);
	t.is((await toldBy(tunnel, '/fallback/bar')).url, '/bar');
	t.is((await toldBy(tunnel, '/configured')).headers['x-own'], 'true');
	t.is((await fetchHttp1(tunnel, '/elsewhere')).status, 404);
	const {socket, told} = await openSocket(t, tunnel, '/socket.io/?EIO=4&transport=websocket');
	t.like(told, {
		url: '/socket.io/?EIO=4&transport=websocket',
		origin: `http://localhost:${sockets}`,
		host: `localhost:${tunnel.port}`,
	});
	const big = 'x'.repeat(1_000_000);
	socket.send(big);
	const [echo] = await once(socket, 'message');
	t.is(String(echo), big);
});

test('listeners for proxyReqWs change the head of a WebSocket', async t => {
	const sockets = await startSockets(t);
	let asked = 0;
	const tunnel = await startTunnel(t, 1, {
		routes: {
			'/': {
				target: `http://localhost:${sockets}`,
				changeOrigin: true,
				configure(proxy) {
					proxy.on('proxyReq', () => asked++);
					proxy.on('proxyReqWs', (proxyReq, _request, socket) => {
						socket.on('error', () => undefined);
						proxyReq.setHeader('x-own', 'ws');
					});
				},
			},
		},
	});
	const {told} = await openSocket(t, tunnel, '/ws');
	t.like(told, {own: 'ws', origin: 'https://a.test', host: `localhost:${sockets}`});
	t.is(asked, 0);
});

test('with ws: false a WebSocket is an ordinary request', async t => {
	const sockets = await startSockets(t);
	const tunnel = await startTunnel(t, 1, {
		routes: {'/': {target: `http://localhost:${sockets}`, ws: false}},
	});
	const socket = new WebSocket(`wss://localhost:${tunnel.port}/`, {ca: tunnel.ca});
	const [error] = (await once(socket, 'error')) as [Error];
	t.regex(error.message, /Unexpected server response: 200/);
});

test('a list with context, as webpack-dev-server has it', async t => {
	const {port} = await startBackend(t, telling, 'localhost');
	const tunnel = await startTunnel(t, 1, {
		routes: [
			{
				context: ['/auth', '/api'],
				target: `http://localhost:${port}`,
				pathRewrite: {'^/api': ''},
				changeOrigin: true,
				secure: false,
			},
			{context: ['/other'], target: {host: 'localhost', port, protocol: 'http:'}},
		],
	});
	t.is((await toldBy(tunnel, '/auth/x')).url, '/auth/x');
	t.is((await toldBy(tunnel, '/api/x?y')).url, '/x?y');
	t.is((await toldBy(tunnel, '/other')).url, '/other');
});

test('pathRewrite, headers and xfwd, as http-proxy-middleware has them', async t => {
	const {port} = await startBackend(t, telling, 'localhost');
	const tunnel = await startTunnel(t, 1, {
		routes: {
			'/v1': {
				target: `http://localhost:${port}/base`,
				pathRewrite: {'^/v1/old': '/new', '^/v1': ''},
				headers: {authorization: 'Bearer x'},
				xfwd: true,
				proxyTimeout: 5000,
				timeout: 5000,
			},
			'/v2': {target: `http://localhost:${port}`, pathRewrite: path => path.replace('/v2', '/2')},
		},
	});
	const told = await toldBy(tunnel, '/v1/old/x');
	t.is(told.url, '/base/new/x');
	t.like(told.headers, {authorization: 'Bearer x', 'x-forwarded-proto': 'https'});
	t.is((await toldBy(tunnel, '/v1/x')).url, '/base/x');
	t.is((await toldBy(tunnel, '/v2/x')).url, '/2/x');
});

test('a login behind a redirect: cookieDomainRewrite, cookiePathRewrite, autoRewrite', async t => {
	const {port} = await startBackend(
		t,
		(request, response) => {
			response.setHeader('Set-Cookie', 'sid=1; Domain=.staging.test; Path=/app; HttpOnly');
			response.setHeader('Location', `http://${request.headers.host}/app/home`);
			response.writeHead(302).end();
		},
		'localhost',
	);
	const tunnel = await startTunnel(t, 1, {
		routes: {
			'/': {
				target: `http://localhost:${port}`,
				changeOrigin: true,
				autoRewrite: true,
				cookieDomainRewrite: {'.staging.test': 'localhost'},
				cookiePathRewrite: {'/app': '/'},
			},
		},
	});
	const {headers} = await fetchHttp1(tunnel, '/login', {method: 'POST', body: 'x'});
	t.is(headers.location, `https://localhost:${tunnel.port}/app/home`);
	t.deepEqual(headers['set-cookie'], ['sid=1; Domain=localhost; Path=/; HttpOnly']);
});

test('bypass for pages, as single-page applications have it', async t => {
	const pages = await startBackend(t, (request, response) => response.end(`page ${request.url}`));
	const api = await startBackend(t, telling);
	const tunnel = await startTunnel(t, 1, {
		routes: {
			'/': pages.port,
			'/account': {
				target: `http://127.0.0.1:${api.port}`,
				bypass(request) {
					if (request.headers.accept?.includes('text/html')) {
						return '/index.html';
					}
					return null;
				},
			},
		},
	});
	const accept = 'text/html,application/xhtml+xml';
	t.is((await fetchHttp1(tunnel, '/account/1', {headers: {accept}})).body, 'page /index.html');
	t.is((await toldBy(tunnel, '/account/1', {accept: 'application/json'})).url, '/account/1');
});

for (const [name, value] of [
	['agent', {}],
	['ssl', {}],
	['buffer', {}],
	['forward', 'http://localhost:1'],
	['selfHandleResponse', true],
	['router', {}],
	['toProxy', true],
	['lookup', () => undefined],
	['method', 'GET'],
	['onProxyReq', () => undefined],
	['onProxyRes', () => undefined],
	['onError', () => undefined],
	['on', {}],
	['plugins', []],
	['logLevel', 'debug'],
	['pathFilter', '/x'],
	['ca', 'x'],
] as const) {
	test(`${name} is refused by its name`, async t => {
		const route = {target: 'http://localhost:1', [name]: value};
		const error = await t.throwsAsync(startTunnel(t, 1, {routes: {'/': route}}));
		t.regex(error.message, new RegExp(`routes\\["/"\\]\\.${name}\\b`));
	});
}

test('a target with TLS is refused, and told to be', async t => {
	const routes = {'/': {target: 'https://localhost:1', changeOrigin: true}};
	await t.throwsAsync(startTunnel(t, 1, {routes}), {message: /target.*https:\/\/localhost:1/});
});

test('fields that frame a request are refused', async t => {
	const routes = {'/': {target: 'http://localhost:1', headers: {'Transfer-Encoding': 'chunked'}}};
	await t.throwsAsync(startTunnel(t, 1, {routes}), {message: /headers/});
});
