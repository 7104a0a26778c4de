import type {IncomingMessage, ServerResponse} from 'node:http';
import {setTimeout as pause} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {type WebSocket, WebSocketServer} from 'ws';
import {startBackend} from '../backend.js';
import {BulkCheck, writeBulk} from '../bulk.js';
import {assets, page} from './page.js';
import {script} from './page-script.js';
import {half, moduleCount, size} from './work.js';

/** What has come to a backend, and what became of it. */
export interface Seen {
	/** Numbers of the modules that were asked for. */
	readonly modules: ReadonlySet<number>;
	/** Bytes of each upload that came whole. */
	readonly uploads: readonly number[];
	/** How many downloads were taken whole, as far as a backend can tell. */
	readonly downloads: number;
	/** What was broken off, in the order of it: `POST /cancelled-upload`. */
	readonly cancelled: readonly string[];
	/** Event streams: how many were opened, and how many are open. */
	readonly events: {readonly opened: number; readonly open: number};
	/** WebSockets: how many were opened, and how many messages came. */
	readonly webSockets: {readonly opened: number; readonly messages: number};
	/** What should not have happened. */
	readonly faults: readonly string[];
}

/**
 * A backend with all that a client is to do: `/` is a page of modules, `/upload` checks what comes,
 * `/download` sends `size` bytes, `/cancelled-upload` and `/cancelled-download` are for those who
 * leave half-way, `/events` and `/echo` last. All bulk is one block, which `/block` sends, over and over.
 * `/brief-events` ends with the next download, for clients that wait until all streams have ended, and
 * `/assets` takes an upload and answers with a page, for those that send all they are given the same body.
 *
 * @returns `report` resolves with what a page posts to `/report`
 */
export async function startWorkBackend(t: ExecutionContext) {
	const modules = new Set<number>();
	const events = {opened: 0, open: 0};
	const webSockets = {opened: 0, messages: 0};
	const seen = {
		modules,
		uploads: [] as number[],
		downloads: 0,
		cancelled: [] as string[],
		events,
		webSockets,
		faults: [] as string[],
	};
	const brief = new Set<ServerResponse>();
	let tell: (report: unknown) => void;
	const report = new Promise<unknown>(resolve => {
		tell = resolve;
	});

	const send = (response: ServerResponse, type: string, text: string): void => {
		response.setHeader('content-type', type);
		response.end(text);
	};
	const download = async (response: ServerResponse): Promise<void> => {
		response.setHeader('content-length', size);
		await writeBulk(response, size);
		response.end(() => {
			seen.downloads++;
			for (const stream of brief) {
				stream.end();
			}
		});
	};
	const receive = async (request: IncomingMessage): Promise<number> => {
		const check = new BulkCheck();
		for await (const chunk of request) {
			check.add(chunk);
			// So that nobody is through with it before they cancel.
			if (request.url === '/cancelled-upload' && check.received > half) {
				await pause(50);
			}
		}
		return check.received;
	};
	const upload = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const received = await receive(request);
		seen.uploads.push(received);
		send(response, 'application/json', JSON.stringify({received}));
	};
	const streamEvents = (response: ServerResponse): void => {
		events.opened++;
		events.open++;
		let last = 0;
		response.writeHead(200, {'content-type': 'text/event-stream', 'cache-control': 'no-store'});
		const next = () => response.write(`data: ${++last}\n\n`);
		next();
		const timer = setInterval(next, 20);
		response.once('close', () => {
			clearInterval(timer);
			events.open--;
		});
	};
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const path = request.url ?? '';
		const [, number] = /^\/module-(\d+)\.js$/.exec(path) ?? [];
		if (number !== undefined) {
			modules.add(Number(number));
			return send(response, 'text/javascript', 'globalThis.ran += 1;\nexport {};\n');
		}
		switch (path) {
			case '/':
				return send(response, 'text/html', page(moduleCount));
			case '/assets':
				seen.uploads.push(await receive(request));
				return send(response, 'text/html', assets(moduleCount));
			case '/run.js':
				return send(response, 'text/javascript', script(size));
			case '/block':
				await writeBulk(response, 2 ** 20);
				return void response.end();
			case '/download':
			case '/cancelled-download':
				return download(response);
			case '/upload':
			case '/cancelled-upload':
				return upload(request, response);
			case '/brief-events':
				brief.add(response);
				return streamEvents(response);
			case '/events':
				return streamEvents(response);
			case '/report': {
				const text = (await request.toArray()).join('');
				tell(JSON.parse(text));
				return send(response, 'text/plain', 'thank you');
			}
			default:
				response.statusCode = 404;
				response.end();
		}
	};
	const {port, server} = await startBackend(t, (request, response) => {
		const what = `${request.method} ${request.url}`;
		response.once('close', () => {
			if (!response.writableFinished && !/events$/.test(what)) {
				seen.cancelled.push(what);
			}
		});
		answer(request, response).catch((error: unknown) => {
			if (!response.destroyed && !request.errored) {
				seen.faults.push(`${what}: ${error}`);
				response.destroy();
			}
		});
	});
	const sockets = new WebSocketServer({server, path: '/echo'});
	t.teardown(() => sockets.clients.forEach(socket => void socket.terminate()));
	sockets.on('connection', (socket: WebSocket) => {
		webSockets.opened++;
		socket.on('message', (data, isBinary) => {
			webSockets.messages++;
			socket.send(data, {binary: isBinary});
		});
	});
	const look: Seen = seen;
	return {port, seen: look, report};
}
