import {once} from 'node:events';
import type {ExecutionContext} from 'ava';
import {WebSocket} from 'ws';
import type {ExchangeReport, Refusal, ServeOptions, Tunnel} from '../../lib/index.js';
import type {Fetched} from '../helpers/fetch.js';
import {type Recording, startRecording} from '../helpers/recording-backend.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {fetchAs, openClient, test, webSocketAs} from '../helpers/versions.js';

interface Guarded {
	readonly backend: Recording;
	readonly tunnel: Tunnel;
	readonly token: string;
	/** What was told of exchanges and refusals. */
	readonly told: ReadonlyArray<ExchangeReport | Refusal>;
	/** The cookie that the link gives, `name=value`. */
	readonly cookie: string;
	get(path: string, headers?: Record<string, string>, method?: string): Promise<Fetched>;
}

async function startGuarded(
	t: ExecutionContext,
	options: Partial<ServeOptions> = {token: true},
): Promise<Guarded> {
	const backend = await startRecording(t);
	const tunnel = await startTunnel(t, backend.port, options);
	const told: Array<ExchangeReport | Refusal> = [];
	tunnel.on('exchange', report => told.push(report));
	tunnel.on('refusal', refusal => told.push(refusal));
	const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
		fetchAs(t, tunnel, path, {method, headers});
	const given = typeof options.token === 'string' ? options.token : undefined;
	const token = given ?? tunnel.link?.split('sealport-token=')[1] ?? '';
	const followed = await get(`/?sealport-token=${token}`);
	const cookie = followed.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
	return {backend, tunnel, token, told, cookie, get};
}

/** Neither the backend nor anybody who was told has seen what lets in. */
function assertKept(t: ExecutionContext, {backend, told, token, cookie}: Guarded): void {
	const [name = '', session = ''] = cookie.split('=');
	const log = told.map(each => JSON.stringify(each) + String('failure' in each && each.failure));
	t.true(session.length === 43 && token.length > 15);
	for (const secret of [token, session, name, Buffer.from(token).toString('base64')]) {
		t.false(backend.received.includes(secret));
		t.false(log.join('\n').includes(secret));
	}
}

interface Told {
	readonly method: string;
	readonly url: string;
	readonly rawHeaders: readonly string[];
}

const tellingOf = ({body}: Fetched): Told => JSON.parse(body) as Told;

/** The values of a field that the backend was sent. */
function sent(response: Fetched, name: string): string[] {
	const {rawHeaders} = tellingOf(response);
	return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

test('without a token nothing reaches the backend', async t => {
	const guarded = await startGuarded(t);
	const {get, backend, tunnel} = guarded;
	for (const headers of [
		{},
		{authorization: 'Bearer wrong'},
		{authorization: 'Basic d3Jvbmc6d3Jvbmc='},
		{cookie: `${guarded.cookie}x`},
	]) {
		for (const method of ['GET', 'POST', 'OPTIONS']) {
			const response = await get('/x', headers, method);
			t.is(response.status, 401);
			t.is(response.headers['sealport-error'], 'credentials-missing');
			t.regex(response.headers['www-authenticate'] ?? '', /^Bearer realm="Sealport"/);
		}
	}
	t.is((await get('/x?sealport-token=wrong')).status, 401);
	t.is((await get(`/x?sealport-token=${guarded.token}`, {}, 'POST')).status, 401);
	t.is(backend.received, '');
	t.is(tunnel.refusals.get('token'), 14);
	assertKept(t, guarded);
});

test('a program gets in by a bearer token, which the backend is not sent', async t => {
	const guarded = await startGuarded(t);
	for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
		const response = await guarded.get('/x?a=1', {
			authorization: `${scheme} ${guarded.token}`,
			'x-other': 'stays',
		});
		t.is(response.status, 200);
		t.is(tellingOf(response).url, '/x?a=1');
		t.deepEqual(sent(response, 'authorization'), []);
		t.deepEqual(sent(response, 'x-other'), ['stays']);
	}
	assertKept(t, guarded);
});

test('a browser gets in by the cookie, of which the backend is sent all others', async t => {
	const guarded = await startGuarded(t);
	const {get, cookie} = guarded;
	const some = await get('/x', {
		cookie: `a=1; ${cookie}; b="2"`,
		authorization: 'Bearer of-the-app',
	});
	t.deepEqual(sent(some, 'cookie'), ['a=1; b="2"']);
	t.deepEqual(sent(some, 'authorization'), ['Bearer of-the-app']);
	const none = await get('/x', {cookie}, 'DELETE');
	t.is(none.status, 200);
	t.deepEqual(sent(none, 'cookie'), []);
	assertKept(t, guarded);
});

test('a Referer loses the token', async t => {
	const guarded = await startGuarded(t);
	const {get, cookie, token} = guarded;
	const referer = `https://localhost/a?sealport%2dtoken=${token}&b=1`;
	t.deepEqual(sent(await get('/x', {cookie, referer}), 'referer'), ['https://localhost/a?b=1']);
	assertKept(t, guarded);
});

test('trailers lose it as well', async t => {
	const guarded = await startGuarded(t);
	const {tunnel, cookie, token, backend} = guarded;
	const client = await openClient(t, tunnel);
	const fields = `Authorization: Bearer ${token}\r\nCookie: ${cookie}\r\n`;
	client.write(
		`POST / HTTP/1.1\r\nHost: localhost:${tunnel.port}\r\nTransfer-Encoding: chunked\r\n${fields}\r\n1\r\nx\r\n0\r\n${fields}X-Sum: 42\r\n\r\n`,
	);
	await client.until('rawHeaders');
	t.regex(backend.received, /x-sum: 42/i);
	assertKept(t, guarded);
});

test('what is said of a request that cannot be understood does not repeat it', async t => {
	const guarded = await startGuarded(t);
	const {tunnel, token} = guarded;
	for (const target of [
		`/\x01?sealport-token=${token}`,
		`nonsense?sealport-token=${token}`,
		`https://other.test/?sealport-token=${token}`,
		`/${token}`,
	]) {
		const client = await openClient(t, tunnel);
		client.write(`GET ${target} HTTP/1.1\r\nHost: localhost:${tunnel.port}\r\n\r\n`);
		await until('it is refused', () => client.received !== '' || client.socket.destroyed);
		t.false(client.received.includes(token), target);
	}
	assertKept(t, guarded);
});

for (const way of ['cookie', 'bearer'] as const) {
	test(`a WebSocket and an event stream get in by ${way}`, async t => {
		const guarded = await startGuarded(t);
		const {tunnel, token, cookie} = guarded;
		const headers = way === 'cookie' ? {cookie} : {authorization: `Bearer ${token}`};
		const socket = new WebSocket(`wss://localhost:${tunnel.port}/socket`, {
			...webSocketAs(t, tunnel),
			headers,
		});
		t.teardown(() => socket.terminate());
		await once(socket, 'open');
		socket.send('hello');
		const [message] = await once(socket, 'message');
		t.is(String(message), 'hello');
		const client = await openClient(t, tunnel);
		const field = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
		client.write(`GET /events HTTP/1.1\r\nHost: localhost:${tunnel.port}\r\n${field}\r\n`);
		await client.until('data: second');
		assertKept(t, guarded);
	});
}

test('a WebSocket without either is refused', async t => {
	const {tunnel, backend} = await startGuarded(t);
	const socket = new WebSocket(`wss://localhost:${tunnel.port}/socket`, webSocketAs(t, tunnel));
	const [error] = await once(socket, 'error');
	t.regex(String(error), /401/);
	t.is(backend.received, '');
});

test('requests that are refused are not remembered, and those that are let in are let in again', async t => {
	const guarded = await startGuarded(t);
	const {tunnel, cookie, backend} = guarded;
	const client = await openClient(t, tunnel);
	const ask = (field: string) =>
		client.write(`GET /x HTTP/1.1\r\nHost: localhost:${tunnel.port}\r\n${field}\r\n`);
	const good = `Cookie: ${cookie}\r\n`;
	for (const [index, field] of ['', '', good, good, '', good].entries()) {
		ask(field);
		await until('it is answered', () => client.received.split('HTTP/1.1 ').length === index + 2);
	}
	const codes = [...client.received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code]) => code);
	t.deepEqual(codes, ['401', '401', '200', '200', '401', '200']);
	t.is(backend.received.split('GET /x').length, 4);
	assertKept(t, guarded);
});

test('a token that was made survives a reload, and another one ends sessions', async t => {
	const guarded = await startGuarded(t);
	const {tunnel, backend, get, cookie} = guarded;
	const options = {routes: backend.port, port: tunnel.port, wait: 0};
	const {link} = tunnel;
	await tunnel.reload({...options, token: true, names: ['app.test']});
	t.true(tunnel.link?.endsWith(link?.split('?')[1] ?? ''));
	t.is((await get('/x', {cookie})).status, 200);
	await tunnel.reload({...options, token: 'another-token-12345'});
	t.is((await get('/x', {cookie})).status, 401);
	t.is((await get('/x', {authorization: 'Bearer another-token-12345'})).status, 200);
	await t.throwsAsync(tunnel.reload({...options, token: 'short'}), {message: /^token: /});
	await t.throwsAsync(tunnel.reload({...options, tokenFile: '/nonexistent'}), {
		message: /^tokenFile: /,
	});
	t.is((await get('/x')).status, 401, 'a reload with an error leaves what was in force');
	await tunnel.reload(options);
	t.is((await get('/x')).status, 200);
});
