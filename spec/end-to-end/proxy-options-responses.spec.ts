import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import type {ProxyOptions} from '../../lib/forward/seams.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {startProxied, telling} from '../helpers/proxied.js';

async function cookies(t: ExecutionContext, options: ProxyOptions, ...set: string[]) {
	const {tunnel} = await startProxied(
		t,
		(_request, response) => response.writeHead(200, {'Set-Cookie': set}).end('ok'),
		backend => ({'/': {backend, ...options}}),
	);
	const {headers, body} = await fetchHttp1(tunnel, '/');
	t.is(body, 'ok');
	return headers['set-cookie'];
}

for (const [options, before, after] of [
	[{cookieDomainRewrite: 'localhost'}, 'a=1; Domain=x.test', 'a=1; Domain=localhost'],
	[{cookieDomainRewrite: ''}, 'a=1; Domain=x.test; Secure', 'a=1; Secure'],
	[{cookieDomainRewrite: false}, 'a=1; Domain=x.test', 'a=1; Domain=x.test'],
	[
		{cookieDomainRewrite: {'x.test': 'y.test', '*': ''}},
		'a=1; domain=x.test',
		'a=1; domain=y.test',
	],
	[{cookieDomainRewrite: {'x.test': 'y.test', '*': ''}}, 'a=1; domain=z.test', 'a=1'],
	[
		{cookieDomainRewrite: {'x.test': 'y.test'}},
		'a=1; domain=constructor',
		'a=1; domain=constructor',
	],
	[{cookiePathRewrite: '/'}, 'a=1; Path=/api; Domain=x', 'a=1; Path=/; Domain=x'],
	[{cookiePathRewrite: {'/api': '/v1'}}, 'a=1; path=/api', 'a=1; path=/v1'],
] as const) {
	test(`${JSON.stringify(options)} makes ${after} of ${before}`, async t => {
		t.deepEqual(await cookies(t, options, before, 'b=2'), [after, 'b=2']);
	});
}

async function redirect(t: ExecutionContext, options: ProxyOptions, location?: string) {
	const {tunnel, port} = await startProxied(
		t,
		(request, response) => {
			const to = location ?? `http://localhost:${request.socket.localPort}/to?x=1`;
			response.writeHead(302, {Location: to}).end();
		},
		backend => ({'/': {backend, ...options}}),
	);
	const {headers, status} = await fetchHttp1(tunnel, '/');
	t.is(status, 302);
	return {location: headers.location, own: `localhost:${tunnel.port}`, port};
}

test('autoRewrite has redirects lead to Sealport, which is https', async t => {
	const {location, own} = await redirect(t, {autoRewrite: true});
	t.is(location, `https://${own}/to?x=1`);
});

test('hostRewrite and protocolRewrite have redirects lead to where they say', async t => {
	const {location} = await redirect(t, {hostRewrite: 'x.test:1', protocolRewrite: 'https'});
	t.is(location, 'https://x.test:1/to?x=1');
	const {location: alone, port} = await redirect(t, {protocolRewrite: 'https'});
	t.is(alone, `https://localhost:${port}/to?x=1`);
});

for (const to of ['https://elsewhere.test/', '/to', 'http://[', '']) {
	test(`a redirect to "${to}" stays as it is`, async t => {
		const {location} = await redirect(t, {autoRewrite: true, hostRewrite: 'x.test'}, to);
		t.is(location, to);
	});
}

test('followRedirects follows, sends the body once more, and keeps the fields', async t => {
	const {tunnel} = await startProxied(
		t,
		(request, response) => {
			const {host} = request.headers;
			const to = {
				'/from': '/by-host',
				'/by-host': `https://${host}/by-address`,
				'/by-address': `http://localhost:${request.socket.localPort}/to`,
			}[request.url ?? ''];
			if (to !== undefined) {
				response.writeHead(307, {Location: to}).end();
			} else {
				telling(request, response);
			}
		},
		backend => ({'/': {backend, followRedirects: true}}),
	);
	const headers = {'x-own': 'mine'};
	const {status, body} = await fetchHttp1(tunnel, '/from', {method: 'POST', body: 'body', headers});
	t.is(status, 200);
	const told = JSON.parse(body);
	t.like(told, {method: 'POST', url: '/to', body: 'body', headers});
	t.is((await fetchHttp1(tunnel, '/plain')).status, 200);
});

test('followRedirects leads to other servers as well', async t => {
	const other = createServer((_request, response) => response.end('other'));
	await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
	t.teardown(() => other.close());
	const {port} = other.address() as AddressInfo;
	const {tunnel} = await startProxied(
		t,
		(_request, response) => response.writeHead(302, {Location: `http://127.0.0.1:${port}/`}).end(),
		backend => ({'/': {backend, followRedirects: true}}),
	);
	t.is((await fetchHttp1(tunnel, '/')).body, 'other');
});

test('followRedirects gives up on redirects without end', async t => {
	let asked = 0;
	const {tunnel} = await startProxied(
		t,
		(_request, response) => {
			asked++;
			response.writeHead(302, {Location: '/again'}).end();
		},
		backend => ({'/': {backend, followRedirects: true}}),
	);
	const {status, headers, body} = await fetchHttp1(tunnel, '/');
	t.is(status, 502);
	t.is(headers['sealport-error'], 'backend-malformed');
	t.regex(body, /redirected more than 10 times/);
	t.is(asked, 11);
});
