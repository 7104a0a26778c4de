/**
 * The backend of every peer, a process of its own: keep-alive, no parser worth the name, so that it costs
 * as little as a backend in Node can. It counts what it does and says so when asked.
 */
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {ready, writeLarge} from './bodies.js';
import type {Counts} from './counts.js';
import {echo, switching} from './echo.js';

const counts: Counts = {requests: 0, bytes: 0, messages: 0, connections: 0};

const answer = (socket: Socket, head: string): void => {
	const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/'));
	const persistence = /\nconnection: *close/i.test(head) ? 'close' : 'keep';
	if (path.startsWith('/64m')) {
		writeLarge(socket, persistence, bytes => {
			counts.bytes += bytes;
		});
		return;
	}
	socket.write(ready[path.startsWith('/100k') ? '100k' : 'small'][persistence]);
	if (persistence === 'close') {
		socket.end();
	}
};

/** Takes the requests off that are whole. None has a body. */
const serve = (socket: Socket): void => {
	let rest = '';
	const take = (data: Buffer): void => {
		rest += data.toString('latin1');
		for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
			const head = rest.slice(0, end);
			rest = rest.slice(end + 4);
			counts.requests++;
			const key = /\nsec-websocket-key: *(\S+)/i.exec(head)?.[1];
			if (key !== undefined) {
				socket.off('data', take);
				socket.write(switching(key));
				echo(socket, Buffer.from(rest, 'latin1'), messages => {
					counts.messages += messages;
				});
				return;
			}
			answer(socket, head);
		}
	};
	socket.on('data', take);
};

const server = createServer({noDelay: true}, socket => {
	counts.connections++;
	socket.on('error', () => {
		// A peer that resets connections is no concern of the backend's.
	});
	serve(socket);
});
server.listen({port: 0, host: '127.0.0.1', backlog: 4096}, () => {
	process.send?.({port: (server.address() as AddressInfo).port});
});
process.on('message', () => {
	process.send?.({counts});
});
process.on('disconnect', () => {
	process.exit();
});
