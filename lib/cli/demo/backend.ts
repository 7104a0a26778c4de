import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {printable} from '../../printable.js';
import {sendClock} from './clock.js';
import type {DemoConnection} from './connections.js';
import {createEcho} from './echo.js';
import {demoPage, favicon} from './page.js';

/** The plaintext server that `sealport demo` wraps. */
export interface DemoBackend {
	/** Where it listens on 127.0.0.1. */
	readonly port: number;
	/** Stops accepting, cuts what is open, and waits until all of it is closed. */
	close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Starts the demo's backend on a free port of 127.0.0.1: a page at `/`, what arrived of a request at
 * `/api/request`, the handshakes at `/api/connections`, server-sent events at `/events` and a
 * WebSocket echo at `/echo`.
 *
 * @param options `connections` gives the latest TLS handshakes, newest first; none by default
 * @throws the error of `server.listen`
 */
export async function startDemoBackend(
	options: {readonly connections?: () => readonly DemoConnection[]} = {},
): Promise<DemoBackend> {
	const {connections = () => []} = options;
	const routes = new Map<string, Answer>([
		['/', sendPage],
		['/favicon.svg', (_request, response) => send(response, 200, 'image/svg+xml', favicon)],
		['/api/request', (request, response) => sendJson(response, received(request))],
		['/api/connections', (_request, response) => sendJson(response, connections())],
		['/events', sendClock],
		['/echo', askForUpgrade],
	]);
	const echo = createEcho();
	const server = createServer((request, response) => {
		const answer = routes.get(pathOf(request));
		if (answer === undefined) {
			sendText(response, 404, `nothing at ${printable(pathOf(request))}`);
		} else if (request.method !== 'GET' && request.method !== 'HEAD') {
			response.setHeader('allow', 'GET, HEAD');
			sendText(response, 405, `${printable(request.method ?? '')} does not work here, GET does`);
		} else {
			answer(request, response);
		}
	});
	server.on('upgrade', (request, socket, head) => {
		if (pathOf(request) === '/echo') {
			echo.accept(request, socket, head);
		} else {
			socket.on('error', () => socket.destroy());
			socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
		}
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	return {
		port: typeof address === 'object' && address !== null ? address.port : 0,
		async close() {
			const closed = once(server, 'close');
			server.close();
			echo.close();
			server.closeAllConnections();
			await closed;
		},
	};
}

function pathOf(request: IncomingMessage): string {
	return request.url?.split('?')[0] ?? '/';
}

function received(request: IncomingMessage) {
	const headers: [name: string, value: string][] = [];
	for (let index = 0; index < request.rawHeaders.length; index += 2) {
		headers.push([request.rawHeaders[index] ?? '', request.rawHeaders[index + 1] ?? '']);
	}
	return {
		method: request.method,
		path: request.url,
		httpVersion: request.httpVersion,
		backend: `${request.socket.localAddress}:${request.socket.localPort}`,
		headers,
	};
}

const sendPage: Answer = (_request, response) => {
	const {html, contentSecurityPolicy} = demoPage();
	response.setHeader('content-security-policy', contentSecurityPolicy);
	response.setHeader('referrer-policy', 'no-referrer');
	send(response, 200, 'text/html; charset=utf-8', html);
};

const askForUpgrade: Answer = (_request, response) => {
	response.setHeader('upgrade', 'websocket');
	response.setHeader('connection', 'upgrade');
	sendText(response, 426, 'this is a WebSocket: connect with one');
};

function sendJson(response: ServerResponse, value: unknown): void {
	send(response, 200, 'application/json; charset=utf-8', JSON.stringify(value));
}

function sendText(response: ServerResponse, status: number, text: string): void {
	send(response, status, 'text/plain; charset=utf-8', `${text}\n`);
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
	const body = Buffer.from(text);
	response.writeHead(status, {
		'content-type': type,
		'content-length': body.length,
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
	});
	response.end(body);
}
