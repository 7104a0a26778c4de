import {createHash} from 'node:crypto';
import {appendFileSync} from 'node:fs';
import {createServer, type IncomingMessage} from 'node:http';
import {createServer as createHttp2Server} from 'node:http2';
import {text} from 'node:stream/consumers';
import {WebSocketServer} from 'ws';

/**
 * A backend that is there to be killed: `program <http|h2c> <host> <port> <log>`. Every request goes into the
 * log before it is answered. An answer is a single small write; over HTTP/2, where head and body are two, that
 * of a GET has no body.
 */
const [kind, host, port, log = ''] = process.argv.slice(2);

const note = (what: string) => appendFileSync(log, `${what}\n`);

async function answer(request: IncomingMessage): Promise<string> {
	switch (request.method) {
		case 'POST':
			return text(request);
		case 'PUT': {
			const hash = createHash('sha256');
			for await (const chunk of request) {
				hash.update(chunk as Buffer);
			}
			return hash.digest('hex');
		}
		default:
			return 'ok';
	}
}

/** The part of both servers' objects that is used. */
interface Response {
	writeHead(status: number, headers: Record<string, string | number>): unknown;
	write(text: string): unknown;
	end(): unknown;
	end(text: string): unknown;
}

const serve = async (request: IncomingMessage, response: Response) => {
	if (request.url === '/events') {
		response.writeHead(200, {'content-type': 'text/event-stream'});
		response.write(`data: ${process.pid}\n\n`);
		return;
	}
	const body = await answer(request);
	note(`${request.method} ${request.url} ${body}`);
	setTimeout(() => {
		if (kind === 'http' || request.method !== 'GET') {
			response.writeHead(200, {'content-length': body.length});
			response.end(body);
		} else {
			response.end();
		}
	}, Math.random() * 5);
};

const server =
	kind === 'h2c'
		? createHttp2Server({settings: {enableConnectProtocol: true}}, (request, response) => {
				serve(request as unknown as IncomingMessage, response).catch(() => undefined);
			})
		: createServer((request, response) => {
				serve(request, response).catch(() => undefined);
			});
if (kind === 'http') {
	const sockets = new WebSocketServer({server: server as ReturnType<typeof createServer>});
	sockets.on('connection', socket => {
		socket.send(String(process.pid));
		socket.on('message', message => socket.send(String(message)));
	});
}
server.listen(Number(port), host, () => process.stdout.write('listening\n'));
