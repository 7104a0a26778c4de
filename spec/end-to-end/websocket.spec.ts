import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import type {IncomingMessage} from 'node:http';
import type {Socket} from 'node:net';
import ava, {type ExecutionContext} from 'ava';
import {type ClientOptions, type RawData, type ServerOptions, WebSocket, WebSocketServer} from 'ws';
import {startBackend, startRawBackend} from '../helpers/backend.js';
import {test as onHttp1} from '../helpers/lanes.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {fetchAs, onHttp2, openClient, test, versionOf, webSocketAs} from '../helpers/versions.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';

const largest = 16 * 2 ** 20;

interface Pair {
	readonly client: WebSocket;
	readonly backend: WebSocket;
	readonly request: IncomingMessage;
}

/** Joins a client and a backend, both of them `ws`, through a tunnel. */
async function join(
	t: ExecutionContext,
	options: {
		readonly client?: ClientOptions;
		readonly backend?: ServerOptions;
		readonly protocols?: string[];
	} = {},
): Promise<Pair> {
	const {server, port} = await startBackend(t, (_request, response) => response.end());
	const sockets = new WebSocketServer({server, maxPayload: largest, ...options.backend});
	const tunnel = await startTunnel(t, port);
	const client = new WebSocket(`wss://localhost:${tunnel.port}/chat?a=1`, options.protocols ?? [], {
		...webSocketAs(t, tunnel),
		maxPayload: largest,
		...options.client,
	});
	const arrived = once(sockets, 'connection') as Promise<[WebSocket, IncomingMessage]>;
	await once(client, 'open');
	const [backend, request] = await arrived;
	t.teardown(() => {
		client.terminate();
		backend.terminate();
	});
	return {client, backend, request};
}

/** The next message, and whether it was binary. */
async function message(socket: WebSocket): Promise<[Buffer, boolean]> {
	const [data, binary] = (await once(socket, 'message')) as [RawData, boolean];
	return [data as Buffer, binary];
}

const sizes = [0, 1, 125, 126, 65_535, 65_536, 2 ** 20, largest];

for (const compressed of [false, true]) {
	test(`text and binary up to 16 MiB arrive unchanged both ways, ${compressed ? 'compressed' : 'plain'}`, async t => {
		const {client, backend} = await join(t, {
			client: {perMessageDeflate: compressed},
			backend: {perMessageDeflate: compressed},
		});
		t.is(client.extensions, compressed ? 'permessage-deflate' : '');
		t.is(backend.extensions, client.extensions);
		for (const size of sizes) {
			const bytes = compressed ? Buffer.alloc(size, 'sealport, ') : randomBytes(size);
			const text = 'ü'.repeat(size >> 1) + 'x'.repeat(size & 1);
			for (const [from, to] of [
				[client, backend],
				[backend, client],
			] as const) {
				let came = message(to);
				from.send(bytes);
				let [data, binary] = await came;
				t.true(binary);
				t.true(data.equals(bytes), `${size} bytes`);
				came = message(to);
				from.send(text);
				[data, binary] = await came;
				t.false(binary);
				t.true(data.equals(Buffer.from(text)), `${size} bytes of text`);
			}
		}
	});
}

test('fragments stay the fragments that they were', async t => {
	const seen: Buffer[] = [];
	const {port} = await startRawBackend(t, socket => {
		socket.once('data', head => {
			socket.on('data', chunk => seen.push(chunk));
			socket.write(agreeTo(head));
		});
	});
	const tunnel = await startTunnel(t, port);
	const client = await openClient(t, tunnel);
	client.write(askFor('/socket'));
	await client.until('\r\n\r\n');
	// Text "Hel", a ping in between, "lo": RFC 6455 section 5.7, masked with zeros.
	const frames = Buffer.from(
		'018300000000' + '48656c' + '898000000000' + '808200000000' + '6c6f',
		'hex',
	);
	client.write(frames);
	await until('all of it is there', () => Buffer.concat(seen).length >= frames.length);
	t.deepEqual(Buffer.concat(seen), frames);
});

test('messages in fragments are put together at both ends', async t => {
	const {client, backend} = await join(t);
	for (const [from, to] of [
		[client, backend],
		[backend, client],
	] as const) {
		const came = message(to);
		const parts = [randomBytes(10), Buffer.alloc(0), randomBytes(100_000), randomBytes(1)];
		for (const [index, part] of parts.entries()) {
			from.send(part, {binary: true, fin: index === parts.length - 1});
		}
		const [data, binary] = await came;
		t.true(binary);
		t.true(data.equals(Buffer.concat(parts)));
	}
});

test('ping and pong carry their payloads both ways', async t => {
	const {client, backend} = await join(t);
	for (const [from, to] of [
		[client, backend],
		[backend, client],
	] as const) {
		const payload = randomBytes(125);
		const [[pinged], [ponged]] = await Promise.all([
			once(to, 'ping') as Promise<[Buffer]>,
			once(from, 'pong') as Promise<[Buffer]>,
			from.ping(payload),
		]);
		t.true(pinged.equals(payload));
		t.true(ponged.equals(payload));
	}
});

for (const [code, reason] of [
	[1000, ''],
	[1001, 'going away'],
	[1011, 'x'.repeat(123)],
	[3000, 'grüße'],
	[4999, 'own code'],
] as const) {
	for (const who of ['client', 'backend'] as const) {
		test(`close code ${code} with ${Buffer.byteLength(reason)} bytes of reason comes from the ${who} as it was sent`, async t => {
			const pair = await join(t);
			const closed = [once(pair.client, 'close'), once(pair.backend, 'close')];
			pair[who].close(code, reason);
			for (const [received, why] of await Promise.all(closed)) {
				t.is(received, code);
				t.is(String(why), reason);
			}
		});
	}
}

test('a connection that breaks off without a close frame is 1006 at the other end', async t => {
	for (const who of ['client', 'backend'] as const) {
		const pair = await join(t);
		const closed = once(pair[who === 'client' ? 'backend' : 'client'], 'close');
		pair[who].terminate();
		t.is((await closed)[0], 1006);
	}
});

test('a subprotocol is negotiated, and path and query arrive', async t => {
	const {client, request} = await join(t, {
		protocols: ['first', 'second'],
		backend: {handleProtocols: () => 'second'},
	});
	t.is(client.protocol, 'second');
	t.is(request.headers['sec-websocket-protocol'], 'first,second');
	t.is(request.url, '/chat?a=1');
});

const switching =
	'HTTP/1.1 101 Fine By Me\r\nupgrade: WebSocket\r\nCONNECTION: Upgrade\r\nSec-WebSocket-Accept: x\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nSet-Cookie: a=1\r\nX-Odd: \xe9\r\n\r\n';

/** Calls back with each connection and the head of its request, once that is complete. */
function onHead(act: (socket: Socket, head: string, rest: Buffer) => void) {
	return (socket: Socket) => {
		let received = Buffer.alloc(0);
		const read = (chunk: Buffer) => {
			received = Buffer.concat([received, chunk]);
			const end = received.indexOf('\r\n\r\n');
			if (end >= 0) {
				socket.off('data', read);
				act(socket, received.toString('latin1', 0, end + 4), received.subarray(end + 4));
			}
		};
		socket.on('data', read);
	};
}

onHttp1(
	'the head of a 101 comes byte for byte, with what the backend sent right behind it',
	async t => {
		const behind = randomBytes(1000).toString('latin1');
		const {port} = await startRawBackend(
			t,
			onHead(socket => {
				socket.write(switching + behind, 'latin1');
				socket.on('data', chunk => socket.write(chunk));
			}),
		);
		const client = await openClient(t, await startTunnel(t, port));
		client.write(askFor('/socket'));
		t.is(await client.until(behind), switching + behind);
		client.write('and on');
		await client.until('and on');
	},
);

test('what a client sends right behind its request arrives after the backend has agreed', async t => {
	const early = randomBytes(1000);
	let agreed = false;
	const {port} = await startRawBackend(
		t,
		onHead((socket, head, rest) => {
			let came = rest;
			socket.on('data', chunk => {
				t.true(agreed);
				came = Buffer.concat([came, chunk]);
				if (came.length === early.length + 3) {
					socket.end(came.equals(Buffer.concat([early, Buffer.from('foo')])) ? 'right' : 'wrong');
				}
			});
			t.is(rest.length, 0);
			setTimeout(() => {
				agreed = true;
				socket.write(agreeTo(head));
			}, 100);
		}),
	);
	const client = await openClient(t, await startTunnel(t, port));
	client.write(Buffer.concat([Buffer.from(askFor('/socket')), early]));
	await until('it has been sent', () => client.socket.writableLength === 0);
	client.write('foo');
	t.regex(await client.closed(), /right$/);
});

onHttp1(
	'a Connection header with more than Upgrade in it upgrades, as Firefox sends it',
	async t => {
		let head = '';
		const {port} = await startRawBackend(
			t,
			onHead((socket, received) => {
				head = received;
				socket.write(switching, 'latin1');
			}),
		);
		const client = await openClient(t, await startTunnel(t, port));
		client.write(askFor('/socket', 'Origin: https://localhost\r\n', 'keep-alive, Upgrade'));
		t.is(await client.until('\r\n\r\n'), switching);
		t.regex(head, /^connection: .*\bupgrade\b/im);
		t.regex(head, /^upgrade: websocket\r$/im);
		t.regex(head, /^origin: https:\/\/localhost\r$/im);
	},
);

const page = randomBytes(2 ** 20 + 4567).toString('hex');

for (const framing of ['content-length', 'chunked'] as const) {
	test(`an upgrade that the backend refuses is an ordinary response, ${framing}`, async t => {
		const {port, server} = await startBackend(t, (_request, response) => response.end('next'));
		server.on('upgrade', (_request, socket) => {
			socket.on('error', () => undefined);
			const head =
				'HTTP/1.1 401 Who Are You\r\nConnection: close\r\nWWW-Authenticate: Basic\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n';
			socket.end(
				framing === 'chunked'
					? `${head}Transfer-Encoding: chunked\r\n\r\n${page.length.toString(16)}\r\n${page}\r\n0\r\n\r\n`
					: `${head}Content-Length: ${page.length}\r\n\r\n${page}`,
			);
		});
		const tunnel = await startTunnel(t, port);
		const response = await fetchAs(t, tunnel, '/', {
			headers: {connection: 'Upgrade', upgrade: 'websocket'},
		});
		t.is(response.status, 401);
		t.is(response.reason, versionOf(t) === 'HTTP/2' ? 'Unauthorized' : 'Who Are You');
		t.is(response.headers['www-authenticate'], 'Basic');
		t.deepEqual(response.headers['set-cookie'], ['a=1', 'b=2']);
		t.true(response.body === page);
		t.is((await fetchAs(t, tunnel, '/')).body, 'next');
	});

	test(`a refusal that the backend breaks off is seen to be cut short, ${framing}`, async t => {
		const {port} = await startRawBackend(
			t,
			onHead(socket => {
				const head = 'HTTP/1.1 401 No\r\n';
				socket.write(
					framing === 'chunked'
						? `${head}Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n`
						: `${head}Content-Length: 8\r\n\r\nhalf`,
				);
				setTimeout(() => socket.destroy(), 100);
			}),
		);
		const tunnel = await startTunnel(t, port);
		const headers = {connection: 'Upgrade', upgrade: 'websocket'};
		await t.throwsAsync(fetchAs(t, tunnel, '/', {headers}), {message: /aborted|hang up/});
	});
}

// Over HTTP/2 the 200 would say that the WebSocket is open.
onHttp2(ava)('a backend that ignores an upgrade has failed', async t => {
	const {port} = await startRawBackend(
		t,
		onHead(socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n<p>hello</p>')),
	);
	const tunnel = await startTunnel(t, port);
	const response = await fetchAs(t, tunnel, '/', {
		headers: {connection: 'Upgrade', upgrade: 'websocket'},
	});
	t.is(response.status, 502);
	t.is(response.headers['sealport-error'], 'backend-malformed');
	t.regex(response.body, /^backend http:\S+ did not open the WebSocket that it was asked for \(/);
});

onHttp1('a backend that ignores an upgrade answers as it would have', async t => {
	const {port} = await startRawBackend(
		t,
		onHead(socket => {
			socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>hello');
		}),
	);
	const tunnel = await startTunnel(t, port);
	const response = await fetchAs(t, tunnel, '/', {
		headers: {connection: 'Upgrade', upgrade: 'websocket'},
	});
	t.is(response.status, 200);
	t.is(response.body, '<p>hello');
});

// Over HTTP/2 nothing that follows could be taken for a request.
onHttp1(
	'a client that sends on after it has been refused still gets the whole refusal',
	async t => {
		const {port} = await startRawBackend(
			t,
			onHead(socket => {
				socket.write(`HTTP/1.1 401 No\r\nContent-Length: ${page.length}\r\n\r\n${page}`);
			}),
		);
		const client = await openClient(t, await startTunnel(t, port));
		client.socket.pause();
		client.write(askFor('/socket'));
		client.write(randomBytes(2 ** 20));
		setTimeout(() => client.socket.resume(), 300);
		const all = await client.closed();
		t.true(all.includes(page));
		t.is(all.split('HTTP/1.1 ').length, 2, 'what it sent on is not answered as another request');
	},
);
