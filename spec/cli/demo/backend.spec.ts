import {spawn} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {request as httpRequest, type IncomingMessage} from 'node:http';
import {connect} from 'node:net';
import {text} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {WebSocket} from 'ws';
import {startDemoBackend} from '../../../lib/cli/demo/backend.js';
import {connectionLog} from '../../../lib/cli/demo/connections.js';
import {refuses} from '../../helpers/dial.js';

async function start(t: ExecutionContext, options?: Parameters<typeof startDemoBackend>[0]) {
	const backend = await startDemoBackend(options);
	t.teardown(() => backend.close().catch(() => {}));
	return backend;
}

async function ask(port: number, path: string, method = 'GET', headers: string[] = []) {
	const all = ['Host', `localhost:${port}`, ...headers];
	const request = httpRequest({port, host: '127.0.0.1', path, method, headers: all});
	const [response]: IncomingMessage[] = await once(request.end(), 'response');
	return response ?? Promise.reject(new Error('no response'));
}

test('/ is a page whose policy allows its own style and script and nothing else', async t => {
	const {port} = await start(t);
	const response = await ask(port, '/?from=spec');
	t.is(response.statusCode, 200);
	t.is(response.headers['content-type'], 'text/html; charset=utf-8');
	t.is(response.headers['cache-control'], 'no-store');
	const html = await text(response);
	const policy = String(response.headers['content-security-policy']);
	t.regex(policy, /^default-src 'none'; /);
	t.notRegex(policy, /unsafe|https?:|\*/);
	for (const tag of ['style', 'script']) {
		const inline = html.match(new RegExp(`<${tag}>(.*?)</${tag}>`, 's'))?.[1] ?? t.fail();
		const hash = createHash('sha256').update(inline).digest('base64');
		t.true(policy.includes(`${tag}-src 'sha256-${hash}'`));
	}
	t.notRegex(html, /(src|href)="(https?:)?\/\//);
	t.notRegex(html, /innerHTML| style="| on[a-z]+="/);
});

test('/api/request shows what arrived, in its order, casing and with its duplicates', async t => {
	const {port} = await start(t);
	const headers = ['X-Zebra', 'one', 'x-apple', '<b>', 'X-Zebra', 'two'];
	const response = await ask(port, '/api/request?a=1', 'GET', headers);
	t.is(response.headers['content-type'], 'application/json; charset=utf-8');
	const body: unknown = JSON.parse(await text(response));
	t.like(body, {
		method: 'GET',
		path: '/api/request?a=1',
		httpVersion: '1.1',
		backend: `127.0.0.1:${port}`,
		headers: [
			['Host', `localhost:${port}`],
			['X-Zebra', 'one'],
			['x-apple', '<b>'],
			['X-Zebra', 'two'],
		],
	});
});

test('/api/connections gives the latest handshakes, newest first, at most the limit', async t => {
	const log = connectionLog(2);
	const {port} = await start(t, {connections: log.recent});
	const read = async (): Promise<unknown> =>
		JSON.parse(await text(await ask(port, '/api/connections')));
	t.deepEqual(await read(), []);
	for (const alpn of ['', 'http/1.1', 'h2']) {
		log.add({tls: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpn});
	}
	t.like(await read(), {
		0: {protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpn: 'h2'},
		1: {alpn: 'http/1.1'},
		length: 2,
	});
});

test('/events sends one event a second and goes on counting for a client that comes back', async t => {
	const {port} = await start(t);
	const began = Date.now();
	const response = await ask(port, '/events', 'GET', ['Last-Event-ID', '41']);
	t.is(response.headers['content-type'], 'text/event-stream; charset=utf-8');
	let received = '';
	response.setEncoding('utf8').on('data', chunk => {
		received += chunk;
	});
	while (!received.includes('id: 43')) {
		await once(response, 'data');
	}
	t.true(Date.now() - began >= 900);
	t.regex(received, /^retry: 1000\nid: 42\ndata: \d{13}\n\nid: 43\ndata: \d{13}\n\n$/);
	response.destroy();
});

test('/echo sends text back as text and binary back as binary', async t => {
	const {port} = await start(t);
	const client = new WebSocket(`ws://127.0.0.1:${port}/echo`);
	await once(client, 'open');
	for (const message of ['', 'grüße', randomBytes(1 << 20)]) {
		client.send(message);
		const [data, binary]: [Buffer, boolean] = (await once(client, 'message')) as [Buffer, boolean];
		t.is(binary, typeof message !== 'string');
		t.true(data.equals(Buffer.from(message)));
	}
	client.close(1000, 'done');
	const [code] = await once(client, 'close');
	t.is(code, 1000);
});

test('/echo refuses a message over 16 MiB and asks a plain request to upgrade', async t => {
	const {port} = await start(t);
	const client = new WebSocket(`ws://127.0.0.1:${port}/echo`);
	await once(client, 'open');
	client.send(Buffer.alloc(16 * 2 ** 20 + 1));
	const [code] = await once(client, 'close');
	t.is(code, 1009);
	const response = await ask(port, '/echo');
	t.is(response.statusCode, 426);
	t.is(response.headers.upgrade, 'websocket');
	response.resume();
});

test('an upgrade elsewhere, or one that breaks off, does no harm', async t => {
	const {port} = await start(t);
	const head = (path: string) =>
		`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
	const socket = connect(port, '127.0.0.1');
	socket.write(head('/elsewhere'));
	t.regex(await text(socket), /^HTTP\/1\.1 404 /);
	for (let count = 0; count < 20; count++) {
		const aborted = connect(port, '127.0.0.1');
		await once(aborted, 'connect');
		aborted.write(head('/echo'));
		aborted.resetAndDestroy();
	}
	t.is((await ask(port, '/')).resume().statusCode, 200);
});

for (const path of ['/', '/api/request', '/api/connections', '/events', '/favicon.svg']) {
	test(`HEAD ${path} has the headers of GET and no body; POST is refused`, async t => {
		const {port} = await start(t);
		const get = await ask(port, path);
		const head = await ask(port, path, 'HEAD');
		t.is(head.statusCode, 200);
		t.is(head.headers['content-type'], get.headers['content-type']);
		t.is(await text(head), '');
		get.destroy();
		const post = await ask(port, path, 'POST');
		t.is(post.statusCode, 405);
		t.is(post.headers.allow, 'GET, HEAD');
		post.resume();
	});
}

test('another path is not found, and its control characters do not come back', async t => {
	const {port} = await start(t);
	const response = await ask(port, '/nothing%00here');
	t.is(response.statusCode, 404);
	t.is(response.headers['content-type'], 'text/plain; charset=utf-8');
	t.is(await text(response), 'nothing at /nothing%00here\n');
});

test('close ends open event streams and WebSockets at once', async t => {
	const {port, close} = await startDemoBackend();
	const stream = await ask(port, '/events');
	const streamEnded = new Promise(resolve => {
		stream
			.resume()
			.on('error', () => {})
			.once('close', resolve);
	});
	const client = new WebSocket(`ws://127.0.0.1:${port}/echo`);
	await once(client, 'open');
	const ended = Promise.all([streamEnded, once(client, 'close')]);
	await close();
	await ended;
	await t.notThrowsAsync(refuses(port));
});

test('the clock stops when its client leaves: nothing keeps a process alive after close', async t => {
	const module = new URL('../../../lib/cli/demo/backend.js', import.meta.url);
	const script = `
		import {startDemoBackend} from ${JSON.stringify(module.href)};
		import {get} from 'node:http';
		const backend = await startDemoBackend();
		get({port: backend.port, path: '/events', host: '127.0.0.1'}, response => {
			response.on('error', () => {});
			response.once('data', async () => {
				response.destroy();
				await backend.close();
				console.log('closed');
			});
		}).on('error', () => {});`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', script], {timeout: 20_000});
	const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
	t.is(output, 'closed\n');
	t.is(code, 0);
});
