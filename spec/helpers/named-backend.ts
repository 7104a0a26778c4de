import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {WebSocketServer} from 'ws';
import type {Owner} from './owner.js';

/** A backend that says which one it is. */
export interface NamedBackend {
	/** As a backend on the command line. */
	readonly route: string;
	/** Sends its name as an event to all who have `/events` open. */
	tell(): unknown;
}

/** Starts one: it answers with its name, puts it before what a WebSocket says, and sends it as an event when told to. */
export async function startNamed(t: Owner, name: string): Promise<NamedBackend> {
	const streams = new Set<{write(text: string): unknown}>();
	const server = createServer((request, response) => {
		if (request.url === '/events') {
			response.writeHead(200, {'content-type': 'text/event-stream'});
			response.write('data: open\n\n');
			streams.add(response);
		} else {
			response.end(name);
		}
	});
	new WebSocketServer({server}).on('connection', socket => {
		socket.on('message', message => socket.send(`${name} ${message}`));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return {
		route: `127.0.0.1:${(server.address() as AddressInfo).port}`,
		tell: () => [...streams].map(stream => stream.write(`data: ${name}\n\n`)),
	};
}
