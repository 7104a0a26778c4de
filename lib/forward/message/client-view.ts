import {IncomingMessage, ServerResponse} from 'node:http';
import {Socket} from 'node:net';
import {Duplex} from 'node:stream';
import type {Expected} from '../wire/upstream/response-reader.js';
import {ResponseReader} from '../wire/upstream/response-reader.js';
import type {ResponseSink} from '../wire/upstream/sink.js';
import {functionFailed, textOf} from './listeners.js';
import {grouped, type RequestHead} from './outgoing-head.js';

/** What code of the user's is shown of a client's connection. */
function connectionView(address: string): Socket {
	return Object.defineProperties(new Socket(), {
		remoteAddress: {value: address},
		encrypted: {value: true},
	});
}

/**
 * The client's request as code of the user's is shown it: without its body.
 *
 * @param target as the client has asked for it
 */
export function requestView(head: RequestHead, target: string): IncomingMessage {
	const address = firstOf(head, 'x-forwarded-for') ?? '';
	const request = new IncomingMessage(connectionView(address));
	request.method = head.method;
	request.url = target;
	request.httpVersion = '1.1';
	request.httpVersionMajor = 1;
	request.httpVersionMinor = 1;
	request.rawHeaders = [...head.headers];
	const headers: IncomingMessage['headers'] = {};
	for (const [name, value] of Object.entries(grouped(head.headers))) {
		const key = name.toLowerCase();
		const joined = Array.isArray(value) ? value.join(key === 'cookie' ? '; ' : ', ') : value;
		Object.defineProperty(headers, key, {
			value: joined,
			enumerable: true,
			writable: true,
			configurable: true,
		});
	}
	request.headers = headers;
	request.push(null);
	return request;
}

function firstOf({headers}: RequestHead, wanted: string): string | undefined {
	const at = headers.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === wanted);
	return at < 0 ? undefined : headers[at + 1];
}

/**
 * A response that code of the user's may answer with, in place of the backend. What it writes is read as that
 * of a backend is.
 *
 * @param begun called before the first of it is passed on; says whether it may be
 */
export function responseView(
	request: IncomingMessage,
	expected: Expected,
	sink: ResponseSink,
	begun: () => boolean,
): ServerResponse {
	const response = new ServerResponse(request);
	const reader = new ResponseReader();
	reader.expect(expected, sink);
	let isOpen: boolean | undefined;
	const socket = new Duplex({
		read() {
			/* nothing comes from there */
		},
		write(chunk: Buffer, _encoding, done) {
			isOpen ??= begun();
			if (isOpen && !reader.done) {
				try {
					reader.read(chunk);
				} catch (error) {
					isOpen = false;
					sink.fail(
						functionFailed(`a function answered what is not HTTP/1.1: ${textOf(error)}`, error),
					);
					done();
					return;
				}
				if (reader.done) {
					sink.end(reader.tail);
				}
			}
			done();
		},
	});
	socket.on('error', () => {
		/* the client is told by whoever began to answer it */
	});
	// It takes any stream; its types say otherwise.
	response.assignSocket(socket as Socket);
	return response;
}
