import {type IncomingMessage, ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import type {RawHeaders} from '../headers.js';
import type {ResponseHead, Upgrade} from './downstream.js';
import {Http1Downstream} from './http1.js';
import {headText} from './serialise.js';

/** What is held of a client that does not wait for the backend's answer, in bytes; then it has to. */
const mostEarly = 64 * 1024;

/**
 * An HTTP/1.1 client's side of an exchange that asks for another protocol. Node has let go of the
 * connection; when the backend refuses, it is given back to Node for an ordinary response, with which
 * it ends.
 */
export class UpgradeDownstream extends Http1Downstream {
	override readonly upgrade: Upgrade;
	readonly #socket: Socket;
	readonly #response: ServerResponse;
	#switched = false;
	#complete = false;
	readonly #held: Buffer[];
	#room: number;

	/** @param early what came behind the head: held back until the backend has agreed */
	constructor(request: IncomingMessage, socket: Socket, early: Buffer) {
		const response = new ServerResponse(request);
		super(request, response);
		this.#socket = socket;
		this.#response = response;
		this.#held = [early];
		this.#room = mostEarly - early.length;
		response.shouldKeepAlive = false;
		response.assignSocket(socket);
		response.once('finish', () => {
			this.#complete = true;
			socket.destroySoon();
		});
		socket.on('data', this.#hold);
		socket.on('drain', this.#drained);
		socket.on('error', () => {
			/* 'close' follows, and is what counts */
		});
		socket.once('close', () => this.over());
		socket.setTimeout(0);
		const held = this.#held;
		this.upgrade = {
			get early() {
				return Buffer.concat(held);
			},
			accept: (reason, headers) => this.#accept(reason, headers),
		};
	}

	// Read on meanwhile: that a client has left is seen behind everything that it has sent.
	readonly #hold = (chunk: Buffer): void => {
		this.#held.push(chunk);
		this.#room -= chunk.length;
		if (this.#room < 0) {
			this.#socket.pause();
		}
	};

	readonly #drained = (): void => {
		this.#response.emit('drain');
	};

	override get status(): number | undefined {
		return this.#switched ? 101 : super.status;
	}

	override respond(head: ResponseHead): void {
		// What the client sends on is for nobody. Left unread it would make the close a reset, by
		// which the response might be lost on its way.
		this.#socket.off('data', this.#hold);
		this.#socket.resume();
		super.respond(head);
	}

	#accept(reason: string, headers: RawHeaders): Socket {
		const socket = this.#socket;
		this.#switched = true;
		this.#complete = true;
		socket.off('data', this.#hold);
		socket.off('drain', this.#drained);
		this.#response.detachSocket(socket);
		socket.write(headText(101, reason, headers), 'latin1');
		return socket;
	}

	protected override complete(): boolean {
		return this.#complete;
	}
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
	// Either may end its side and go on reading.
	client.allowHalfOpen = true;
	backend.allowHalfOpen = true;
	client.pipe(backend).pipe(client);
	client.on('close', failed => (failed ? backend.destroy() : backend.destroySoon()));
	backend.on('close', failed => (failed ? client.destroy() : client.destroySoon()));
	if (client.destroyed) {
		backend.destroy();
	}
}
