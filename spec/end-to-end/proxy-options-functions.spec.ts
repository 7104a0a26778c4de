import test, {type ExecutionContext} from 'ava';
import type {ProxyOptions} from '../../lib/forward/seams.js';
import {startBackend} from '../helpers/backend.js';
import {fetchHttp1, fetchHttp2, openHttp2} from '../helpers/fetch.js';
import {startProxied, type Told, telling} from '../helpers/proxied.js';
import {startTunnel} from '../helpers/tunnel.js';

test('a listener for proxyReq changes the head, whatever comes with it', async t => {
	const seen: string[] = [];
	const {tunnel} = await startProxied(t, telling, backend => ({
		'/': {
			backend,
			configure(proxy) {
				proxy.on('proxyReq', (proxyReq, request, response, options) => {
					proxyReq.setHeader('x-added', 'yes');
					proxyReq.removeHeader('x-gone');
					proxyReq.path = '/changed';
					seen.push(`${request.method} ${request.url} ${request.headers.host}`);
					seen.push(
						`${request.socket.remoteAddress} ${response.headersSent} ${'target' in options}`,
					);
				});
			},
		},
	}));
	const session = await openHttp2(t, tunnel);
	const big = 'x'.repeat(200_000);
	for (const body of ['', 'small', big]) {
		const request = {method: 'POST', body, headers: {'x-gone': '1'}};
		const told = JSON.parse((await fetchHttp1(tunnel, '/a?b', request)).body) as Told;
		t.like(told, {url: '/changed', body});
		t.is(told.headers['x-added'], 'yes');
		t.is(told.headers['x-gone'], undefined);
		const head = {':method': 'POST', ':path': '/a?b', 'x-gone': '1'};
		const other = JSON.parse((await fetchHttp2(session, head, body)).body) as Told;
		t.like(other, {url: '/changed', body});
		t.is(other.headers['x-added'], 'yes');
	}
	t.deepEqual(
		new Set(seen),
		new Set([`POST /a?b localhost:${tunnel.port}`, '127.0.0.1 false true']),
	);
});

test('a listener for proxyReq may answer by itself', async t => {
	let asked = 0;
	const {tunnel} = await startProxied(
		t,
		(_request, response) => {
			asked++;
			response.end();
		},
		backend => ({
			'/': {
				backend,
				configure(proxy) {
					proxy.on('proxyReq', (_proxyReq, _request, response) => {
						response.writeHead(403, {'x-own': '1'});
						response.end('no');
					});
				},
			},
		}),
	);
	const {status, body, headers} = await fetchHttp1(tunnel, '/');
	t.is(status, 403);
	t.is(body, 'no');
	t.is(headers['x-own'], '1');
	const session = await openHttp2(t, tunnel);
	t.like(await fetchHttp2(session, {':path': '/'}), {status: 403, body: 'no'});
	t.is(asked, 0);
});

test('a listener for proxyRes changes status and fields, and others stay as they came', async t => {
	const {tunnel} = await startProxied(
		t,
		(_request, response) =>
			response
				.writeHead(200, [
					'X-Twice',
					'1',
					'X-Twice',
					'2',
					'X-Frame-Options',
					'DENY',
					'Set-Cookie',
					'a=1',
				])
				.end('body'),
		backend => ({
			'/': {
				backend,
				configure(proxy) {
					proxy.on('proxyRes', (proxyRes, _request, response) => {
						delete proxyRes.headers['x-frame-options'];
						proxyRes.headers['x-added'] = 'yes';
						proxyRes.headers['set-cookie']?.push('b=2');
						proxyRes.statusCode = 201;
						response.setHeader('x-set', 'too');
					});
				},
			},
		}),
	);
	const {status, headers, rawHeaders, body} = await fetchHttp1(tunnel, '/');
	t.is(status, 201);
	t.is(body, 'body');
	t.is(headers['x-frame-options'], undefined);
	t.like(headers, {'x-added': 'yes', 'x-set': 'too', 'set-cookie': ['a=1', 'b=2']});
	t.is(rawHeaders.filter(name => name === 'X-Twice').length, 2);
});

test('a listener for error answers in place of the page', async t => {
	const {port, server} = await startBackend(t, telling);
	server.close();
	const told: unknown[] = [];
	const routes = {
		'/': {
			backend: port,
			configure: (proxy => {
				proxy.on('error', (error, _request, response) => {
					told.push(error);
					if ('writeHead' in response) {
						response.writeHead(500, {'Content-Type': 'text/plain'});
						response.end('Something went wrong.');
					}
				});
			}) satisfies ProxyOptions['configure'],
		},
	};
	const tunnel = await startTunnel(t, port, {routes});
	t.like(await fetchHttp1(tunnel, '/'), {status: 500, body: 'Something went wrong.'});
	t.is(told.length, 1);
});

test("an error that no listener answers is Sealport's to tell", async t => {
	const {port, server} = await startBackend(t, telling);
	server.close();
	const routes = {'/': {backend: port, configure: () => undefined}};
	const {status, headers} = await fetchHttp1(await startTunnel(t, port, {routes}), '/');
	t.is(status, 502);
	t.is(headers['sealport-error'], 'backend-refused');
});

test('what configure throws is told at the start', async t => {
	const configure = () => {
		throw new Error('not like this');
	};
	await t.throwsAsync(startTunnel(t, 1, {routes: {'/x': {backend: 1, configure}}}), {
		message: /configure.*\/x.*not like this/,
	});
});

/** A backend for `/`, and one for `/api` that `bypass` decides about. */
async function startBypassing(t: ExecutionContext, bypass: ProxyOptions['bypass']) {
	const page = await startBackend(t, (request, response) => {
		let body = '';
		request.on('data', chunk => {
			body += chunk;
		});
		request.on('end', () => response.end(`page ${request.url} ${body}`));
	});
	const api = await startBackend(t, (request, response) => response.end(`api ${request.url}`));
	const routes = {'/': page.port, '/api': {backend: api.port, bypass}};
	return startTunnel(t, page.port, {routes});
}

test('bypass sends pages to the next route, and the rest to the backend', async t => {
	const tunnel = await startBypassing(t, request =>
		request.headers.accept?.includes('html') ? '/index.html' : undefined,
	);
	const html = {headers: {accept: 'text/html'}};
	t.is((await fetchHttp1(tunnel, '/api/x')).body, 'api /api/x');
	t.is((await fetchHttp1(tunnel, '/api/x', html)).body, 'page /index.html ');
	const session = await openHttp2(t, tunnel);
	const {body} = await fetchHttp2(session, {':path': '/api/x', accept: 'text/html'});
	t.is(body, 'page /index.html ');
});

test('a body goes where bypass sends it, with a length and in chunks', async t => {
	const tunnel = await startBypassing(t, async () => '/other');
	const big = 'x'.repeat(100_000);
	for (const body of ['small', big]) {
		for (const headers of [{}, {'transfer-encoding': 'chunked'}]) {
			const answer = await fetchHttp1(tunnel, '/api', {method: 'POST', body, headers});
			t.is(answer.body, `page /other ${body}`);
		}
		const session = await openHttp2(t, tunnel);
		const answer = await fetchHttp2(session, {':method': 'POST', ':path': '/api'}, body);
		t.is(answer.body, `page /other ${body}`);
	}
});

const thenable = {
	// biome-ignore lint/suspicious/noThenProperty: that is what is tried.
	then(resolve: (path: string) => void) {
		resolve('/x');
	},
} as unknown as Promise<string>;

for (const [what, bypass, status, body] of [
	['false is answered with 404', () => false as const, 404, /does not pass this on/],
	['null goes to the backend', () => null, 200, /^api \/api$/],
	['a promise of nothing goes to the backend', async () => undefined, 200, /^api \/api$/],
	['what is no promise but can be awaited is', () => thenable, 200, /^page \/x $/],
	['its own path is for nobody else', () => '/api', 200, /^page \/api $/],
	[
		'an error is told',
		() => {
			throw new Error('oops');
		},
		500,
		/bypass of the route \/api failed: Error: oops/,
	],
	['what is no path is told', () => '/a\r\nb', 500, /no request can ask for/],
] as const) {
	test(`bypass: ${what}`, async t => {
		const tunnel = await startBypassing(t, bypass);
		const answer = await fetchHttp1(tunnel, '/api');
		t.is(answer.status, status);
		t.regex(answer.body, body);
	});
}

test('bypass may answer by itself', async t => {
	const tunnel = await startBypassing(t, (_request, response) => {
		response?.writeHead(418).end('teapot');
		return '/';
	});
	t.like(await fetchHttp1(tunnel, '/api'), {status: 418, body: 'teapot'});
});

test('a path that no other route matches is told to be so', async t => {
	const {tunnel} = await startProxied(t, telling, backend => ({
		'/': {backend, bypass: () => '/x'},
	}));
	const {status, body} = await fetchHttp1(tunnel, '/');
	t.is(status, 404);
	t.regex(body, /hands \/x on, and no other route matches/);
});
