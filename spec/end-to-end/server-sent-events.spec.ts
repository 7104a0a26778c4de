import {once} from 'node:events';
import type {ServerResponse} from 'node:http';
import {constants} from 'node:http2';
import {request as httpsRequest} from 'node:https';
import {connect, type Socket} from 'node:net';
import type {Readable} from 'node:stream';
import {connect as connectTls} from 'node:tls';
import {createGunzip, createGzip, constants as zlib} from 'node:zlib';
import type {ExecutionContext} from 'ava';
import {startBackend, startRawBackend} from '../helpers/backend.js';
import type {Endpoint} from '../helpers/endpoint.js';
import {openHttp2} from '../helpers/fetch.js';
import {test} from '../helpers/lanes.js';
import {reset} from '../helpers/reset.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';

/** A backend with one stream of events; `send` sends one of them. */
interface Source {
	readonly port: number;
	send(text: string): void;
}

const head = {'content-type': 'text/event-stream', 'cache-control': 'no-store'};

/** Starts a backend that writes its events to whatever `prepare` makes of the response. */
async function startSource(
	t: ExecutionContext,
	prepare: (response: ServerResponse) => (text: string) => void,
): Promise<Source> {
	let write: ((text: string) => void) | undefined;
	const {port} = await startBackend(t, (_request, response) => {
		write = prepare(response);
	});
	return {port, send: text => write?.(text)};
}

const sources: Readonly<Record<string, (t: ExecutionContext) => Promise<Source>>> = {
	chunked: t =>
		startSource(t, response => {
			response.writeHead(200, head).flushHeaders();
			return text => response.write(text);
		}),
	"gzip'ed": t =>
		startSource(t, response => {
			response.writeHead(200, {...head, 'content-encoding': 'gzip'}).flushHeaders();
			const gzip = createGzip({flush: zlib.Z_SYNC_FLUSH});
			gzip.pipe(response);
			return text => gzip.write(text);
		}),
	'ended by closing': async t => {
		let client: Socket | undefined;
		const {port} = await startRawBackend(t, socket => {
			client = socket;
			socket.once('data', () => {
				socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n');
			});
		});
		return {port, send: text => client?.write(text)};
	},
};

const clients: Readonly<
	Record<string, (t: ExecutionContext, to: Endpoint) => Promise<[Readable, string]>>
> = {
	async 'HTTP/1.1'(t, {port, ca}) {
		const request = httpsRequest({host: 'localhost', port, ca, agent: false}).end();
		t.teardown(() => request.destroy());
		const [response] = await once(request, 'response');
		return [response, response.headers['content-encoding'] ?? ''];
	},
	async 'HTTP/2'(t, to) {
		const stream = (await openHttp2(t, to)).request({':path': '/'});
		const [headers] = await once(stream, 'response');
		return [stream, headers['content-encoding'] ?? ''];
	},
};

for (const [framing, start] of Object.entries(sources)) {
	for (const [version, listen] of Object.entries(clients)) {
		test(`each event is there before the next is sent: ${framing}, ${version}`, async t => {
			const source = await start(t);
			const [stream, coding] = await listen(t, await startTunnel(t, source.port));
			t.is(coding, framing === "gzip'ed" ? 'gzip' : '');
			let received = '';
			stream.on('error', () => undefined);
			const decoded = coding === 'gzip' ? stream.pipe(createGunzip()) : stream;
			decoded.on('error', () => undefined);
			decoded.on('data', chunk => {
				received += chunk;
			});
			let sent = '';
			for (let event = 1; event <= 40; event++) {
				const text = `id: ${event}\ndata: ${'x'.repeat(event % 7)}\n\n`;
				source.send(text);
				sent += text;
				await until(`event ${event} arrives`, () => received.length >= sent.length);
				t.is(received, sent);
			}
		});
	}
}

/** Ways to leave, of clients that have read the beginning of a stream. */
const departures: Readonly<
	Record<string, (t: ExecutionContext, to: Endpoint) => Promise<() => void>>
> = {
	'that closes its connection': async (t, to) => {
		const {tls} = await openEvents(t, to);
		return () => tls.end();
	},
	'whose connection is reset': async (t, to) => {
		const {tcp, tls} = await openEvents(t, to);
		return () => reset(tcp, tls);
	},
	'that resets its HTTP/2 stream': async (t, to) => {
		const stream = (await openHttp2(t, to)).request({':path': '/'});
		stream.on('error', () => undefined);
		await once(stream, 'data');
		return () => stream.close(constants.NGHTTP2_CANCEL);
	},
	'whose HTTP/2 connection closes': async (t, to) => {
		const session = await openHttp2(t, to);
		const stream = session.request({':path': '/'});
		stream.on('error', () => undefined);
		await once(stream, 'data');
		return () => session.destroy();
	},
};

async function openEvents(t: ExecutionContext, {port, ca}: Endpoint) {
	const tcp = connect(port, '127.0.0.1');
	const tls = connectTls({socket: tcp, servername: 'localhost', ca, ALPNProtocols: ['http/1.1']});
	t.teardown(() => tls.destroy());
	tcp.on('error', () => undefined);
	tls.on('error', () => undefined);
	tls.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
	let received = '';
	tls.on('data', chunk => {
		received += chunk;
	});
	await until('the first event is there', () => received.includes('data: 1'));
	return {tcp, tls};
}

for (const [who, open] of Object.entries(departures)) {
	test(`the backend's request closes within a second of a client ${who}`, async t => {
		let closed: Promise<unknown> | undefined;
		const {port} = await startBackend(t, (_request, response) => {
			closed = once(response, 'close');
			response.writeHead(200, head);
			response.write('data: 1\n\n');
		});
		const tunnel = await startTunnel(t, port);
		// The quickest of three is the proxy's doing; what others take longer is the machine's.
		let quickest = Number.POSITIVE_INFINITY;
		for (let round = 0; round < 3 && quickest >= 1000; round++) {
			const leave = await open(t, tunnel);
			const began = performance.now();
			leave();
			await closed;
			quickest = Math.min(quickest, performance.now() - began);
		}
		t.true(quickest < 1000);
	});
}
