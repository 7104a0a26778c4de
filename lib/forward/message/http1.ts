import type {IncomingMessage, ServerResponse} from 'node:http';
import type {Writable} from 'node:stream';
import {filterHeaders, type RawHeaders, valuesOf} from '../headers.js';
import type {Downstream, ResponseHead} from './downstream.js';
import {headText, pairs} from './serialise.js';

function requestOf(request: IncomingMessage) {
	return {
		version: request.httpVersion === '1.0' ? ('HTTP/1.0' as const) : ('HTTP/1.1' as const),
		method: request.method ?? '',
		target: request.url ?? '',
		hosts: valuesOf(request.rawHeaders, 'host'),
		headers: request.rawHeaders,
		address: request.socket.remoteAddress ?? '',
	};
}

/** Whether a body follows the head (RFC 9112 section 6.3). */
function hasBody(headers: RawHeaders): boolean {
	const [length] = valuesOf(headers, 'content-length');
	return (length !== undefined && Number(length) > 0) || isChunked(headers);
}

/** Whether the message is framed by chunks (RFC 9112 section 7.1). */
function isChunked(headers: RawHeaders): boolean {
	return valuesOf(headers, 'transfer-encoding').length > 0;
}

/** An HTTP/1.1 client's side of an exchange. */
export function http1Downstream(request: IncomingMessage, response: ServerResponse): Downstream {
	response.sendDate = false;
	const body = hasBody(request.rawHeaders) ? request : undefined;
	if (body !== undefined) {
		endWithConnection(body);
	}
	return {
		...requestOf(request),
		body,
		trailers: () => request.rawTrailers,
		get status() {
			return response.headersSent ? response.statusCode : undefined;
		},
		inform(status, reason, headers) {
			// Node has no call for a 1xx with fields as they are. Without a socket, an earlier response
			// on the same connection is still being written, and a 1xx would land in the midst of it.
			if (response.headersSent || request.httpVersion === '1.0') {
				return;
			}
			if (status === 100) {
				response.writeContinue();
			} else {
				response.socket?.write(headText(status, reason, headers), 'latin1');
			}
		},
		respond(head) {
			return respond(request, response, head);
		},
		end(trailers) {
			if (trailers.length > 0 && response.chunkedEncoding) {
				response.addTrailers(pairs(trailers));
			}
			response.end();
		},
		cut() {
			// What has come from the backend goes out before, all but the end of the body.
			if (response.socket?.writable) {
				response.socket.write('', () => response.destroy());
			} else {
				response.destroy();
			}
		},
		onOver(callback) {
			// A response that waits behind another is not told when the connection closes.
			const {socket} = request;
			let told = false;
			const over = () => {
				socket.off('close', over);
				if (!told) {
					told = true;
					callback(response.writableFinished);
				}
			};
			socket.setMaxListeners(0);
			socket.once('close', over);
			response.once('close', over);
		},
		upgrade: undefined,
	};
}

/** Once a request has been answered, Node forgets it, though its body may still be under way. */
function endWithConnection(request: IncomingMessage): void {
	const {socket} = request;
	const end = () => request.destroy();
	socket.setMaxListeners(0);
	socket.once('close', end);
	request.once('close', () => socket.off('close', end));
}

/**
 * Sends the head of a response, together with what of its body is there in the same turn of the event
 * loop: a small response then leaves in one packet, and a slow body does not hold up its head.
 */
function sendHead(response: ServerResponse): void {
	const {socket} = response;
	// Not the response itself: Node 22 and 24 then send the end of a chunked body before the body.
	socket?.cork();
	// As latin1, in which it came; flushHeaders would send it as UTF-8.
	response.write('', 'latin1');
	setImmediate(() => socket?.uncork());
}

function respond(request: IncomingMessage, response: ServerResponse, head: ResponseHead): Writable {
	const bodiless = request.method === 'HEAD' || head.status === 204 || head.status === 304;
	const chunked = head.chunked && !bodiless && request.httpVersion !== '1.0';
	const headers = chunked
		? [...head.headers]
		: // Node refuses the announcement of trailers where no chunks can carry them.
			filterHeaders(head.headers, name => name !== 'trailer');
	if (chunked) {
		headers.push('Transfer-Encoding', 'chunked');
	}
	response.writeHead(head.status, head.reason, headers);
	sendHead(response);
	return response;
}
