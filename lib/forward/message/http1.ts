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
export function hasBody(headers: RawHeaders): boolean {
	const [length] = valuesOf(headers, 'content-length');
	return (length !== undefined && Number(length) > 0) || isChunked(headers);
}

/** Whether the message is framed by chunks (RFC 9112 section 7.1). */
export function isChunked(headers: RawHeaders): boolean {
	return valuesOf(headers, 'transfer-encoding').length > 0;
}

/** An HTTP/1.1 client's side of an exchange. */
export function http1Downstream(request: IncomingMessage, response: ServerResponse): Downstream {
	response.sendDate = false;
	return {
		...requestOf(request),
		body: hasBody(request.rawHeaders) ? request : undefined,
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
			response.destroy();
		},
		onOver(callback) {
			response.once('close', () => callback(response.writableFinished));
		},
		upgrade: undefined,
	};
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
	response.flushHeaders();
	return response;
}
