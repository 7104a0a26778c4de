import {once} from 'node:events';
import type {IncomingHttpHeaders, ServerHttp2Stream} from 'node:http2';
import test from 'ava';
import {writeBulk} from '../helpers/bulk.js';
import {fetchEither, versions} from '../helpers/either.js';
import {startH2cServer} from '../helpers/http2/backend.js';
import {openRawHttp2} from '../helpers/http2/client.js';
import {get} from '../helpers/http2/fields.js';
import {frame} from '../helpers/http2/frames.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

/** Says what it was asked, once the request is complete. */
function reflect(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
	let body = '';
	let trailers: object = {};
	stream.setEncoding('latin1');
	stream.on('data', (chunk: string) => {
		body += chunk;
	});
	stream.on('trailers', came => {
		trailers = came;
	});
	stream.on('end', () => {
		stream.respond({'content-type': 'application/json'});
		stream.end(JSON.stringify({headers, body, trailers}));
	});
}

for (const version of versions) {
	test(`${version}: a request reaches the backend as HTTP/2 has it`, async t => {
		const {route, server} = await startH2cServer(t);
		server.on('stream', reflect);
		const tunnel = await startTunnel(t, `${route}/base`);
		const {status, body} = await fetchEither(t, tunnel, version, {
			method: 'POST',
			path: '/path?q=%20//x',
			host: `app.localhost:${tunnel.port}`,
			headers: {'X-Mixed': 'Case', te: 'trailers', cookie: 'a=1; b=2'},
			body: 'what is sent',
		});
		t.is(status, 200);
		const {headers, body: came} = JSON.parse(body);
		t.is(came, 'what is sent');
		t.is(headers[':method'], 'POST');
		t.is(headers[':scheme'], 'http');
		t.is(headers[':authority'], `app.localhost:${tunnel.port}`);
		t.is(headers[':path'], '/base/path?q=%20//x');
		t.is(headers['x-mixed'], 'Case');
		t.is(headers['x-forwarded-host'], `app.localhost:${tunnel.port}`);
		t.is(headers.cookie, 'a=1; b=2');
		t.is(headers.host, undefined);
		t.is(headers.te, version === 'HTTP/2' ? 'trailers' : undefined);
		for (const name of ['connection', 'transfer-encoding', 'keep-alive', 'upgrade']) {
			t.is(headers[name], undefined, name);
		}
	});

	test(`${version}: informational responses, repeated fields and trailers come back`, async t => {
		const {route, server} = await startH2cServer(t);
		server.on('stream', stream => {
			stream.additionalHeaders({':status': 103, link: '</style.css>'});
			stream.respond({'set-cookie': ['a=1', 'b=2']}, {waitForTrailers: true});
			stream.on('wantTrailers', () => stream.sendTrailers({'x-sum': '42'}));
			stream.end('body');
		});
		const tunnel = await startTunnel(t, route);
		const {headers, trailers, body} = await fetchEither(t, tunnel, version);
		t.is(body, 'body');
		t.deepEqual(headers['set-cookie'], ['a=1', 'b=2']);
		t.is(trailers['x-sum'], '42');
	});

	for (const [method, status, length] of [
		['HEAD', 200, '1234'],
		['GET', 304, '1234'],
		['GET', 204, undefined],
	] as const) {
		test(`${version}: ${method} with status ${status} has no body`, async t => {
			const {route, server} = await startH2cServer(t);
			server.on('stream', stream => {
				const fields = length === undefined ? {} : {'content-length': length};
				stream.respond({':status': status, ...fields}, {endStream: true});
			});
			const tunnel = await startTunnel(t, route);
			const response = await fetchEither(t, tunnel, version, {method});
			t.is(response.status, status);
			t.is(response.body, '');
			t.is(response.headers['content-length'], length);
		});
	}

	test(`${version}: a response that is a head and no more ends at once`, async t => {
		const {route, server} = await startH2cServer(t);
		server.on('stream', stream => stream.respond({'x-only': 'head'}, {endStream: true}));
		const tunnel = await startTunnel(t, route);
		const {status, body, headers} = await fetchEither(t, tunnel, version);
		t.is(status, 200);
		t.is(body, '');
		t.is(headers['x-only'], 'head');
	});
}

test('a response that is a head and no more is one frame for a client of HTTP/2', async t => {
	const {route, server} = await startH2cServer(t);
	server.on('stream', stream => stream.respond({'grpc-status': '5'}, {endStream: true}));
	const client = await openRawHttp2(t, await startTunnel(t, route));
	client.send(frame.headers(1, get()));
	const head = await client.next({stream: 1, type: 'HEADERS'});
	t.true(head.endStream);
	const {fields} = await client.response(1);
	t.is(fields.find(([name]) => name === 'grpc-status')?.[1], '5');
	t.is(
		fields.find(([name]) => name === 'content-length'),
		undefined,
	);
});

for (const [what, chunks] of [
	['at once', ['5\r\nfirst\r\n6;x=y\r\nsecond\r\n0\r\nX-Sum: 42\r\nX-Forwarded-For: evil\r\n\r\n']],
	['in parts', ['5\r\nfi', 'rst\r\n6\r', '\nsecond\r\n', '0\r\nX-Su', 'm: 42\r\n\r\n']],
	['without trailers', ['b\r\nfirstsecond\r\n0\r\n\r\n']],
] as const) {
	test(`a chunked body of HTTP/1.1, ${what}, goes on without its chunks`, async t => {
		const {route, server} = await startH2cServer(t);
		server.on('stream', reflect);
		const client = await openTls(t, await startTunnel(t, route));
		const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';
		const [first = '', ...more] = chunks;
		client.write(head + first);
		for (const chunk of more) {
			await new Promise(resolve => setTimeout(resolve, 30));
			client.write(chunk);
		}
		// The connection goes on behind it.
		client.write('GET /next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
		const text = await client.closed();
		const {body, trailers} = JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '');
		t.is(body, 'firstsecond');
		t.is(trailers['x-sum'], what === 'without trailers' ? undefined : '42');
		t.is(trailers['x-forwarded-for'], undefined);
		t.regex(text, /":path":"\/next"/);
	});
}

test('a chunked body that is none is refused, and nothing of what follows is sent', async t => {
	const {route, server} = await startH2cServer(t);
	const seen: string[] = [];
	server.on('stream', (stream, headers) => {
		seen.push(String(headers[':path']));
		reflect(stream, headers);
	});
	const client = await openTls(t, await startTunnel(t, route));
	client.write(
		'POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\nGET /b HTTP/1.1\r\nHost: localhost\r\n\r\n',
	);
	t.regex(await client.closed(), /^HTTP\/1\.1 400 /);
	t.deepEqual(seen, []);
});

test('requests of all clients share one connection to the backend', async t => {
	const {route, server} = await startH2cServer(t);
	let sessions = 0;
	server.on('session', () => sessions++);
	server.on('stream', reflect);
	const tunnel = await startTunnel(t, route);
	const all = Array.from({length: 30}, (_, index) =>
		fetchEither(t, tunnel, versions[index % 2] ?? 'HTTP/2', {
			method: 'POST',
			path: `/${index}`,
			body: String(index).repeat(1000),
		}),
	);
	for (const [index, {body}] of (await Promise.all(all)).entries()) {
		t.is(JSON.parse(body).body, String(index).repeat(1000));
	}
	t.is(sessions, 1);
});

test('a backend that takes few streams at a time gets further connections', async t => {
	const {route, server} = await startH2cServer(t, {settings: {maxConcurrentStreams: 3}});
	const held: ServerHttp2Stream[] = [];
	let sessions = 0;
	server.on('session', () => sessions++);
	const tunnel = await startTunnel(t, route);
	server.once('stream', stream => stream.respond({}, {endStream: true}));
	await fetchEither(t, tunnel, 'HTTP/2');
	server.on('stream', stream => held.push(stream));
	const all = Array.from({length: 7}, () => fetchEither(t, tunnel, 'HTTP/1.1'));
	await until('all requests at the backend', () => held.length === 7);
	for (const stream of held) {
		stream.respond({':status': 204}, {endStream: true});
	}
	t.deepEqual(
		(await Promise.all(all)).map(({status}) => status),
		Array(7).fill(204),
	);
	t.true(sessions >= 3 && sessions <= 7, `${sessions} connections`);
});

for (const version of versions) {
	test(`${version}: large bodies go both ways at the same time`, async t => {
		t.timeout(120_000);
		const {route, server} = await startH2cServer(t);
		server.on('stream', stream => {
			stream.respond({});
			stream.pipe(stream);
		});
		const tunnel = await startTunnel(t, route);
		const body = Buffer.alloc(8 * 2 ** 20, 'sealport,');
		const response = await fetchEither(t, tunnel, version, {method: 'POST', body});
		t.true(response.body === body.toString());
	});
}

test('a client that takes nothing does not hold up the others, whatever it has asked for', async t => {
	t.timeout(120_000);
	const {route, server} = await startH2cServer(t);
	const size = 64 * 2 ** 20;
	let sessions = 0;
	let sent = 0;
	server.on('session', () => sessions++);
	server.on('stream', async (stream, headers) => {
		stream.respond({});
		if (headers[':path'] === '/small') {
			stream.end('small');
			return;
		}
		stream.on('drain', () => sent++);
		await writeBulk(stream, size);
		stream.end();
	});
	const tunnel = await startTunnel(t, route);
	const slow = await Promise.all(Array.from({length: 8}, () => openTls(t, tunnel)));
	for (const client of slow) {
		client.socket.pause();
		client.write('GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n');
	}
	await until('the large responses', () => sent >= 8);
	for (let turn = 0; turn < 20; turn++) {
		t.is((await fetchEither(t, tunnel, 'HTTP/2', {path: '/small'})).body, 'small');
	}
	t.is(sessions, 1);
	const [first] = slow;
	first?.socket.resume();
	await until('all of the first', () => (first?.received.length ?? 0) >= size, 60_000);
});

test('a connection that nobody needs is closed', async t => {
	const {route, server} = await startH2cServer(t);
	server.on('stream', reflect);
	const closed = once(server, 'session').then(([session]) => once(session, 'close'));
	const tunnel = await startTunnel(t, route);
	await fetchEither(t, tunnel, 'HTTP/2');
	await closed;
	t.is((await fetchEither(t, tunnel, 'HTTP/2')).status, 200);
});

test('the message lane refuses such a backend when it starts', async t => {
	await t.throwsAsync(startTunnel(t, 'h2c://localhost:50051', {lane: 'message'}), {
		code: 'option-invalid',
		message: /message lane does not speak HTTP\/2 to backends/,
	});
});
