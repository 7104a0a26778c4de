import type {ClientRequest, IncomingMessage} from 'node:http';
import type {Socket} from 'node:net';
import type {Readable} from 'node:stream';
import {ProxyError} from '../../errors.js';
import {explain, isReset, malformed} from '../backend-failure.js';
import {endToEnd, type RawHeaders, trailersToForward} from '../headers.js';
import {replayable} from '../replayable.js';
import type {Backend, Connections} from '../seams.js';
import type {Downstream} from './downstream.js';
import {isChunked, readFields} from './fields.js';
import {type Outcome, openOutgoing, type RequestHead} from './outgoing.js';
import {pairs} from './serialise.js';
import {tunnel} from './upgrade.js';

interface Information {
	readonly statusCode: number;
	readonly statusMessage: string;
	readonly rawHeaders: RawHeaders;
}

/**
 * A request to its backend, and what comes back: informational responses, the response with its trailers,
 * or a tunnel. When the client leaves, the request ends at once.
 */
export class Sending implements Outcome {
	#request: ClientRequest | undefined;
	#response: IncomingMessage | undefined;
	#over = false;
	#begun = false;
	#switched = false;
	/** Whether the head of the response was passed on, so that its body may follow. */
	#responding = false;

	/** @param fail called at most once, when there is no response or not all of it */
	constructor(
		private readonly downstream: Downstream,
		private readonly head: RequestHead,
		private readonly backend: Backend,
		private readonly connections: Connections,
		private readonly fail: (error: ProxyError) => void,
	) {}

	start(): void {
		const request = this.#attempt();
		const {body} = this.downstream;
		if (body !== undefined) {
			this.#sendBody(request, body);
		}
	}

	/** To be called when the exchange is over, whichever way. */
	over(complete: boolean): void {
		this.#over = true;
		if (!complete) {
			this.#request?.destroy();
		}
	}

	#attempt(): ClientRequest {
		const agent = this.connections.agentFor(this.backend, () => !this.#over);
		const request = openOutgoing(this.head, this.backend, agent, this);
		this.#request = request;
		request.on('information', (information: Information) => this.#inform(information));
		request.on('upgrade', (response: IncomingMessage, socket: Socket, early: Buffer) =>
			this.#upgrade(response, socket, early),
		);
		if (this.downstream.body === undefined) {
			request.end();
		}
		return request;
	}

	#sendBody(request: ClientRequest, body: Readable): void {
		// Sends the head now, and as latin1, in which it came; flushHeaders would send it as UTF-8.
		request.write('', 'latin1');
		body.pipe(request, {end: false});
		body.once('end', () => {
			const trailers = trailersToForward(this.downstream.trailers());
			if (trailers.length > 0 && request.chunkedEncoding) {
				request.addTrailers(pairs(trailers));
			}
			request.end();
		});
		body.once('close', () => {
			if (!body.readableEnded) {
				request.destroy();
			}
		});
	}

	failed(cause: Error): void {
		const {body} = this.downstream;
		// A kept connection that the backend closed just as it was used again: nothing came of it.
		const stale = this.#request?.reusedSocket && isReset(cause);
		const again = stale && !this.#begun && !this.#over;
		if (again && body === undefined && replayable.has(this.head.method)) {
			this.#attempt();
			return;
		}
		if (this.#request !== undefined) {
			body?.unpipe(this.#request);
		}
		body?.resume();
		this.#breakOff(cause);
	}

	#refuse(what: string, cause?: unknown): void {
		this.#request?.destroy();
		this.#breakOff(malformed(this.backend, what, cause));
	}

	#breakOff(cause: Error): void {
		// What befalls the connection of a backend that has sent all it had to is no failure.
		const whole = this.#switched || this.#response?.complete;
		if (!this.#over && !whole) {
			this.#over = true;
			const known = cause instanceof ProxyError;
			this.fail(known ? cause : explain(cause, this.backend, this.#begun));
		}
	}

	#inform({statusCode, statusMessage, rawHeaders}: Information): void {
		this.#begun = true;
		try {
			this.downstream.inform(statusCode, statusMessage, endToEnd(rawHeaders));
		} catch (cause) {
			this.#refuse(unsendable, cause);
		}
	}

	responded(response: IncomingMessage): void {
		this.#begun = true;
		this.#response = response;
		response.on('error', error => this.#breakOff(error));
		if (this.#over) {
			this.#request?.destroy();
			return;
		}
		const fields = readFields(response.rawHeaders);
		if (fields.codings !== undefined && !isChunked(fields.codings)) {
			this.#refuse('sent a transfer coding other than chunked');
			return;
		}
		// First of all, so that what of the body has come is there when the head is to leave.
		response.on('data', (chunk: Buffer) => this.#passBody(chunk, response));
		response.on('end', () => this.#end(response));
		try {
			this.downstream.respond({
				status: response.statusCode ?? 502,
				reason: response.statusMessage ?? '',
				headers: fields.endToEnd,
				chunked: fields.codings !== undefined,
				announces: fields.announces,
			});
			this.#responding = true;
		} catch (cause) {
			this.#refuse(unsendable, cause);
		}
	}

	#passBody(chunk: Buffer, response: IncomingMessage): void {
		if (this.#responding && !this.downstream.write(chunk)) {
			response.pause();
			this.downstream.onDrain(() => response.resume());
		}
	}

	#end(response: IncomingMessage): void {
		const cause = response.socket?.errored;
		const {'content-length': length, 'transfer-encoding': coding} = response.headers;
		if (cause && length === undefined && coding === undefined) {
			// Node takes any end of the connection for the end of such a body, a reset as well.
			this.#response = undefined;
			this.#breakOff(cause);
			return;
		}
		if (this.#responding) {
			this.downstream.end(endToEnd(response.rawTrailers));
		}
	}

	#upgrade(response: IncomingMessage, socket: Socket, early: Buffer): void {
		this.#begun = true;
		const client = this.downstream.upgrade;
		if (client === undefined || this.#over) {
			socket.destroy();
			const what = 'switched protocols without having been asked to';
			this.#breakOff(malformed(this.backend, what));
			return;
		}
		this.#switched = true;
		const connection = client.accept(response.statusMessage ?? '', response.rawHeaders);
		if (early.length > 0) {
			connection.write(early);
		}
		const sentBefore = client.early;
		if (sentBefore.length > 0) {
			socket.write(sentBefore);
		}
		tunnel(connection, socket);
	}
}

/** Node refuses to send some of what it has let a backend send, and throws. */
const unsendable = 'sent a response that cannot be passed on';
