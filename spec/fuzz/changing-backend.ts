import {once} from 'node:events';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {mutate, responses, split} from './mutate.js';
import type {Random} from './random.js';

/** Starts a backend that answers `/good` well, and all else with responses that are changed by chance. */
export async function startChangingBackend(random: Random) {
	const open = new Set<Socket>();
	const server = createServer(socket => {
		open.add(socket);
		socket.once('close', () => open.delete(socket));
		socket.on('error', () => undefined);
		socket.setEncoding('latin1').on('data', (text: string) => {
			if (!socket.writable) {
				return;
			}
			if (text.startsWith('GET /good ')) {
				socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok');
				return;
			}
			const answer = random.pick(responses);
			for (const piece of split(
				random,
				random.chance(0.5) ? answer : mutate(random, answer, responses),
			)) {
				socket.write(piece, 'latin1');
			}
			const then = random.below(10);
			if (then < 3) {
				socket.end();
			} else if (then === 3) {
				socket.resetAndDestroy();
			}
		});
	});
	// Requests over HTTP/2 come many at a time.
	server.listen({port: 0, host: '127.0.0.1', backlog: 4096});
	await once(server, 'listening');
	const letGo = () => {
		for (const socket of open) {
			socket.destroy();
		}
	};
	return {
		port: (server.address() as AddressInfo).port,
		letGo,
		close() {
			letGo();
			server.close();
		},
	};
}
