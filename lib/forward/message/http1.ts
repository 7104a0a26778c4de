import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Readable} from 'node:stream';
import {filterHeaders, type RawHeaders} from '../headers.js';
import type {Downstream, ResponseHead, Upgrade} from './downstream.js';
import {type Fields, hasBody, readFields} from './fields.js';
import {headText, pairs} from './serialise.js';

/** An HTTP/1.1 client's side of an exchange. */
export class Http1Downstream implements Downstream {
	readonly version: 'HTTP/1.0' | 'HTTP/1.1';
	readonly method: string;
	readonly target: string;
	readonly headers: RawHeaders;
	readonly fields: Fields;
	readonly hosts: readonly string[];
	readonly address: string;
	readonly body: Readable | undefined;
	readonly upgrade: Upgrade | undefined;
	readonly #request: IncomingMessage;
	readonly #response: ServerResponse;
	/** Whether the head has left, or is about to with the first of the body. */
	#begun = false;
	readonly #whenOver: Array<(complete: boolean) => void> = [];
	#over = false;

	constructor(request: IncomingMessage, response: ServerResponse) {
		response.sendDate = false;
		this.version = request.httpVersion === '1.0' ? 'HTTP/1.0' : 'HTTP/1.1';
		this.method = request.method ?? '';
		this.target = request.url ?? '';
		this.headers = request.rawHeaders;
		this.fields = readFields(request.rawHeaders);
		this.hosts = this.fields.hosts;
		this.address = request.socket.remoteAddress ?? '';
		this.#request = request;
		this.#response = response;
		if (hasBody(this.fields)) {
			this.body = request;
			endWithConnection(request);
		} else {
			this.body = undefined;
		}
	}

	get status(): number | undefined {
		return this.#response.headersSent ? this.#response.statusCode : undefined;
	}

	trailers(): RawHeaders {
		return this.#request.rawTrailers;
	}

	inform(status: number, reason: string, headers: RawHeaders): void {
		const response = this.#response;
		// Node has no call for a 1xx with fields as they are. Without a socket, an earlier response
		// on the same connection is still being written, and a 1xx would land in the midst of it.
		if (response.headersSent || this.version === 'HTTP/1.0') {
			return;
		}
		if (status === 100) {
			response.writeContinue();
		} else {
			response.socket?.write(headText(status, reason, headers), 'latin1');
		}
	}

	/** Whether the connection is closed behind this response. */
	get last(): boolean {
		return !this.#response.shouldKeepAlive;
	}

	respond({status, reason, headers, chunked, announces, last}: ResponseHead): void {
		if (last) {
			this.#response.shouldKeepAlive = false;
		}
		const bodiless = this.method === 'HEAD' || status === 204 || status === 304;
		if (chunked && !bodiless && this.version === 'HTTP/1.1') {
			headers.push('Transfer-Encoding', 'chunked');
			this.#response.writeHead(status, reason, headers);
		} else {
			// Node refuses the announcement of trailers where no chunks can carry them.
			const sent = announces ? filterHeaders(headers, name => name !== 'trailer') : headers;
			this.#response.writeHead(status, reason, sent);
		}
		// A small response is to leave in one packet, and a slow body is not to hold up its head.
		process.nextTick(begin, this);
	}

	write(chunk: Buffer): boolean {
		this.#begun = true;
		return this.#response.write(chunk);
	}

	onDrain(callback: () => void): void {
		this.#response.once('drain', callback);
	}

	end(trailers: RawHeaders): void {
		this.#begun = true;
		if (trailers.length > 0 && this.#response.chunkedEncoding) {
			this.#response.addTrailers(pairs(trailers));
		}
		this.#response.end();
	}

	/** Sends the head by itself, unless there was something to send with it. */
	begin(): void {
		if (!this.#begun) {
			this.#begun = true;
			// As latin1, in which it came; flushHeaders would send it as UTF-8.
			this.#response.write('', 'latin1');
		}
	}

	cut(): void {
		const response = this.#response;
		this.begin();
		// What has come from the backend goes out before, all but the end of the body.
		if (response.socket?.writable) {
			response.socket.write('', () => response.destroy());
		} else {
			response.destroy();
		}
	}

	onOver(callback: (complete: boolean) => void): void {
		this.#whenOver.push(callback);
	}

	/** To be called when the response or its connection has closed: Node does not tell a response of the
	 * latter that waits behind another. */
	over(): void {
		if (!this.#over) {
			this.#over = true;
			for (const tell of this.#whenOver) {
				tell(this.complete());
			}
		}
	}

	/** Whether the client got all of the response. */
	protected complete(): boolean {
		return this.#response.writableFinished;
	}
}

function begin(downstream: Http1Downstream): void {
	downstream.begin();
}

/** Once a request has been answered, Node forgets it, though its body may still be under way. */
function endWithConnection(request: IncomingMessage): void {
	const {socket} = request;
	const end = () => request.destroy();
	socket.setMaxListeners(0);
	socket.once('close', end);
	request.once('close', () => socket.off('close', end));
}
