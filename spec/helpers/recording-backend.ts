import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {ExecutionContext} from 'ava';
import {WebSocketServer} from 'ws';

/** A backend that keeps every byte that it has received. */
export interface Recording {
	readonly port: number;
	readonly server: Server;
	/** All of it, as latin1. */
	readonly received: string;
}

const page = `<!doctype html><meta charset="utf-8"><title>app</title><link rel="icon" href="data:,">
<p id="where"></p><form method="post" action="/form"><input name="a" value="1"><button>send</button></form>
<script>document.getElementById('where').textContent = location.href</script>`;

/**
 * Starts one: `/events` is an event stream, `/page` a page with a form, WebSockets are echoed, and all else is
 * answered with method, target and fields.
 */
export async function startRecording(t: ExecutionContext): Promise<Recording> {
	const connections: string[] = [];
	const server = createServer((request, response) => {
		const {method, url = '', rawHeaders} = request;
		request.resume();
		request.on('end', () => {
			if (url.startsWith('/events')) {
				response.setHeader('content-type', 'text/event-stream');
				response.write('data: first\n\n');
				setTimeout(() => response.write('data: second\n\n'), 100);
			} else if (url.startsWith('/page')) {
				response.setHeader('content-type', 'text/html');
				response.end(page);
			} else {
				response.end(JSON.stringify({method, url, rawHeaders}));
			}
		});
	});
	server.on('connection', socket => {
		const index = connections.push('') - 1;
		socket.on('data', chunk => {
			connections[index] += chunk.toString('latin1');
		});
	});
	const sockets = new WebSocketServer({server});
	sockets.on('connection', socket => {
		socket.on('message', data => socket.send(String(data)));
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		for (const socket of sockets.clients) {
			socket.terminate();
		}
		server.closeAllConnections();
		server.close();
	});
	return {
		port: (server.address() as AddressInfo).port,
		server,
		get received() {
			return connections.filter(each => !isProbe(each)).join('');
		},
	};
}

/** Other specs have Sealport look for dev servers on this machine, and it finds this one. */
function isProbe(connection: string): boolean {
	return /^HEAD \/ HTTP\/1\.1\r\n[\s\S]*\r\nUser-Agent: sealport\r\n/.test(connection);
}
