import type {IncomingMessage} from 'node:http';
import type {Socket} from 'node:net';
import type {Downstream} from './downstream.js';
import {requestOf} from './http1.js';
import {headText} from './serialise.js';

/**
 * An HTTP/1.1 client's side of an exchange that asks for another protocol. Node has let go of the
 * connection, so an ordinary response is written as it is and ends with the connection.
 *
 * @param early what came behind the head: held back until the backend has agreed
 */
export function upgradeDownstream(
	request: IncomingMessage,
	socket: Socket,
	early: Buffer,
): Downstream {
	let sent: number | undefined;
	let complete = false;
	socket.on('error', () => {
		/* 'close' follows, and is what counts */
	});
	socket.setTimeout(0);
	return {
		...requestOf(request),
		body: undefined,
		trailers: () => [],
		get status() {
			return sent;
		},
		inform(status, reason, headers) {
			if (sent === undefined) {
				socket.write(headText(status, reason, headers), 'latin1');
			}
		},
		respond({status, reason, headers}) {
			sent = status;
			socket.write(headText(status, reason, [...headers, 'Connection', 'close']), 'latin1');
			return socket;
		},
		end() {
			complete = true;
			socket.destroySoon();
		},
		cut() {
			socket.destroy();
		},
		onOver(callback) {
			socket.once('close', () => callback(complete));
		},
		upgrade: {
			early,
			accept(reason, headers) {
				sent = 101;
				complete = true;
				socket.write(headText(101, reason, headers), 'latin1');
				return socket;
			},
		},
	};
}

/**
 * Joins two connections until either is gone; then the other is closed as well: at once when the
 * first broke off, otherwise once what was written to it has left.
 */
export function tunnel(client: Socket, backend: Socket): void {
	backend.setTimeout(0);
	backend.setNoDelay(true);
	client.setNoDelay(true);
	backend.on('error', () => {
		/* 'close' follows, and is what counts */
	});
	client.pipe(backend).pipe(client);
	client.on('close', failed => (failed ? backend.destroy() : backend.destroySoon()));
	backend.on('close', failed => (failed ? client.destroy() : client.destroySoon()));
	if (client.destroyed) {
		backend.destroy();
	}
}
