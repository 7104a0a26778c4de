import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Duplex} from 'node:stream';
import test from 'ava';
import {type ServeOptions, serve, type Tunnel} from '../../../lib/index.js';
import {until} from '../until.js';

/** A request as it has reached the backend. */
export interface Seen {
	readonly request: IncomingMessage;
	/** What has come of its body. */
	readonly body: string;
	/** Whether all of it has come. */
	readonly complete: boolean;
	/** Resolves when it has been answered, or the proxy has let go of it. */
	readonly gone: Promise<unknown>;
	/** To be ended by the spec, where the path is one of those that are held. */
	readonly response: ServerResponse;
}

/** A WebSocket as it has reached the backend, which answers with what comes. */
export interface Opened {
	readonly request: IncomingMessage;
	readonly socket: Duplex;
}

/** A tunnel for all tests of a file, and what is behind it. */
export interface Http2Stage {
	readonly tunnel: Tunnel;
	/** The request with this path, once it has reached the backend. Paths are to be used once. */
	seen(path: string): Promise<Seen>;
	/** The WebSocket with this path, once it has reached the backend; `/refuses` refuses it. */
	opened(path: string): Promise<Opened>;
	/** Whether a request with this path has reached the backend. */
	hasSeen(path: string): boolean;
}

/**
 * What the backend does by the first segment of the path: `/empty` is answered with 204, `/size/<n>` with so
 * many octets, `/echo` with the body once it is complete, `/head` when the head is there, `/closes` likewise and
 * for the last time on its connection, `/held` by the spec,
 * `/hints` with 103 before, `/large-head` with 40,000 octets of fields, `/trailers` with them, `/status/<n>` with that status; all else with `ok` once the
 * body is complete.
 */
const answers: Readonly<Record<string, (seen: Seen, rest: string) => void>> = {
	empty: ({response}) => void response.writeHead(204).end(),
	size: ({response}, rest) => {
		const size = Number.parseInt(rest, 10);
		response.setHeader('content-length', size);
		response.end(Buffer.alloc(size, 'x'));
	},
	echo: seen => whole(seen, body => seen.response.end(body)),
	head: ({response}) => void response.end('early'),
	held: () => undefined,
	hints: ({response}) => {
		response.writeEarlyHints({link: '</style.css>; rel=preload'});
		response.end('ok');
	},
	trailers: ({response}) => {
		response.writeHead(200, {trailer: 'x-sum'});
		response.write('ok');
		response.addTrailers({'X-Sum': '1'});
		response.end();
	},
	closes: ({response}) => {
		response.setHeader('connection', 'close');
		response.end('early');
	},
	'large-head': ({response}) => {
		for (let index = 0; index < 10; index++) {
			response.setHeader(`x-large-${index}`, 'v'.repeat(4_000));
		}
		response.end('ok');
	},
	status: ({response}, rest) => void response.writeHead(Number.parseInt(rest, 10)).end(),
};

function whole(seen: Seen, answer: (body: string) => void): void {
	seen.request.on('end', () => answer(seen.body));
}

/** Opens a tunnel by the wire lane before the tests of a file, and closes it behind them. */
export function http2Stage(options: Partial<ServeOptions> = {}): () => Http2Stage {
	const certs = mkdtempSync(join(tmpdir(), 'sealport-certs-'));
	const requests = new Map<string, Seen>();
	const tunnels = new Map<string, Opened>();
	const server = createServer({maxHeaderSize: 256 * 1024}, (request, response) => {
		let body = '';
		const seen: Seen = {
			request,
			response,
			gone: once(response, 'close'),
			get body() {
				return body;
			},
			get complete() {
				return request.complete;
			},
		};
		request.setEncoding('latin1');
		const path = request.url ?? '';
		requests.set(path, seen);
		const [, first = '', rest = ''] = path.split(/[/?]/);
		const answer = answers[first] ?? (() => whole(seen, () => response.end('ok')));
		request.on('data', (chunk: string) => {
			body += chunk;
		});
		answer(seen, rest);
	});
	server.on('upgrade', (request, socket, head: Buffer) => {
		socket.on('error', () => undefined);
		tunnels.set(request.url ?? '', {request, socket});
		const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
		if (request.url === '/refuses') {
			socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno');
			return;
		}
		const accept = createHash('sha1').update(key).digest('base64');
		socket.write(
			`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nX-Kept: yes\r\n\r\n`,
		);
		socket.write(head);
		socket.pipe(socket);
	});
	let stage: Http2Stage | undefined;
	test.before(async () => {
		await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
		const {port} = server.address() as AddressInfo;
		const routes = `127.0.0.1:${port}`;
		const tunnel = await serve({routes, port: 0, certs, wait: 0, lane: 'wire', ...options});
		stage = {
			tunnel,
			async seen(path) {
				await until(`a request for ${path}`, () => requests.has(path));
				return requests.get(path) as Seen;
			},
			async opened(path) {
				await until(`a WebSocket for ${path}`, () => tunnels.has(path));
				return tunnels.get(path) as Opened;
			},
			hasSeen: path => requests.has(path),
		};
	});
	test.after.always(async () => {
		await stage?.tunnel.close(0);
		for (const {socket} of tunnels.values()) {
			socket.destroy();
		}
		server.closeAllConnections();
		server.close();
		rmSync(certs, {recursive: true, force: true});
	});
	return () => {
		if (stage === undefined) {
			throw new Error('the stage is not open yet');
		}
		return stage;
	};
}
