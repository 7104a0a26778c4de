import {type IncomingMessage, ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import type {Downstream} from './downstream.js';
import {http1Downstream} from './http1.js';
import {headText} from './serialise.js';

/** What is held of a client that does not wait for the backend's answer, in bytes; then it has to. */
const mostEarly = 64 * 1024;

/**
 * An HTTP/1.1 client's side of an exchange that asks for another protocol. Node has let go of the
 * connection; when the backend refuses, it is given back to Node for an ordinary response, with which
 * it ends.
 *
 * @param early what came behind the head: held back until the backend has agreed
 */
export function upgradeDownstream(
	request: IncomingMessage,
	socket: Socket,
	early: Buffer,
): Downstream {
	const response = new ServerResponse(request);
	const refusal = http1Downstream(request, response);
	let switched = false;
	let complete = false;
	const drained = () => response.emit('drain');
	const held = [early];
	let room = mostEarly - early.length;
	// Read on meanwhile: that a client has left is seen behind everything that it has sent.
	const hold = (chunk: Buffer) => {
		held.push(chunk);
		room -= chunk.length;
		if (room < 0) {
			socket.pause();
		}
	};
	response.shouldKeepAlive = false;
	response.assignSocket(socket);
	response.once('finish', () => {
		complete = true;
		socket.destroySoon();
	});
	socket.on('data', hold);
	socket.on('drain', drained);
	socket.on('error', () => {
		/* 'close' follows, and is what counts */
	});
	socket.setTimeout(0);
	return {
		...refusal,
		get status() {
			return switched ? 101 : refusal.status;
		},
		respond(head) {
			// What the client sends on is for nobody. Left unread it would make the close a reset, by
			// which the response might be lost on its way.
			socket.off('data', hold);
			socket.resume();
			return refusal.respond(head);
		},
		onOver(callback) {
			socket.once('close', () => callback(complete));
		},
		upgrade: {
			get early() {
				return Buffer.concat(held);
			},
			accept(reason, headers) {
				switched = true;
				complete = true;
				socket.off('data', hold);
				socket.off('drain', drained);
				response.detachSocket(socket);
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
