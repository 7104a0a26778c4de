import {EventEmitter} from 'node:events';
import type {Agent, ClientRequest, IncomingMessage, ServerResponse} from 'node:http';
import {createRequire} from 'node:module';
import util from 'node:util';
import type HttpProxy from 'http-proxy';
import type {RawHeaders} from '../headers.js';
import type {Backend} from '../seams.js';
import {grouped} from './serialise.js';

/** Largest head of a response that a backend may send, in bytes. */
const largestHead = 64 * 1024;

type Pass = (...parts: unknown[]) => unknown;

const proxy = loadHttpProxy().createProxyServer() as HttpProxy & {webPasses: Pass[]};

// The pass `deleteLength` takes away the framing of a DELETE or OPTIONS that has a chunked body, so
// that its body reaches the backend as a second request (CVE-2026-29057).
proxy.webPasses = proxy.webPasses.filter(pass => pass.name !== 'deleteLength');

/**
 * http-proxy takes `util._extend` when it is loaded and calls it for every request, upon which Node
 * warns (DEP0060). `Object.assign` does the same and is what it finds in that place.
 */
function loadHttpProxy(): typeof HttpProxy {
	const holder = util as {_extend?: unknown};
	const before = Object.getOwnPropertyDescriptor(util, '_extend');
	Object.defineProperty(holder, '_extend', {value: Object.assign, configurable: true});
	try {
		return createRequire(import.meta.url)('http-proxy') as typeof HttpProxy;
	} finally {
		delete holder._extend;
		if (before !== undefined) {
			Object.defineProperty(holder, '_extend', before);
		}
	}
}

/** The head of a request as the backend is to see it. */
export interface RequestHead {
	readonly method: string;
	/** Byte for byte; http-proxy by itself would fold doubled slashes. */
	readonly path: string;
	readonly headers: RawHeaders;
}

/**
 * Makes http-proxy open the request to the backend, with nothing of it sent yet.
 *
 * @param agent the backend's connections
 * @param onError called with whatever befalls the request
 */
export function openOutgoing(
	head: RequestHead,
	backend: Backend,
	agent: Agent,
	onError: (error: Error) => void,
): ClientRequest {
	const fields = grouped(head.headers);
	const expectation = Object.keys(fields).find(name => name.toLowerCase() === 'expect');
	const expect = expectation === undefined ? undefined : fields[expectation];
	if (expectation !== undefined) {
		// With an expectation Node writes the head down at once, before the path below is set.
		delete fields[expectation];
	}
	let request: ClientRequest | undefined;
	proxy.web(
		presentedRequest(head.method, fields),
		presentedResponse,
		{
			target: targetOf(backend),
			agent,
			toProxy: true,
			selfHandleResponse: true,
			// In place of the body, http-proxy gets this; so the request is in our hands before any of it
			// is sent, and body, trailers and failures are ours to pass on.
			buffer: {
				pipe(outgoing: ClientRequest) {
					request = outgoing;
				},
			} as never,
		},
		onError,
	);
	if (request === undefined) {
		throw new Error('http-proxy has opened no request');
	}
	const {method, path} = head;
	Object.assign(request, {method, path, maxHeaderSize: largestHead, maxHeadersCount: 0});
	if (expectation !== undefined && expect !== undefined) {
		request.setHeader(expectation, expect);
	}
	return request;
}

function targetOf(backend: Backend): HttpProxy.ServerOptions['target'] {
	return backend.kind === 'unix'
		? ({protocol: 'http:', host: 'localhost', socketPath: backend.path} as never)
		: {protocol: 'http:', host: backend.host, port: backend.port};
}

/** What http-proxy reads of a request; it listens for events that never come here. */
function presentedRequest(
	method: string,
	headers: Record<string, string | string[]>,
): IncomingMessage {
	const presented = Object.assign(new EventEmitter(), {
		method,
		url: '/',
		headers,
		socket: {destroyed: false},
	});
	return presented as unknown as IncomingMessage;
}

/** A response that http-proxy takes for done, and so leaves to us. */
const presentedResponse = {headersSent: true, finished: true} as ServerResponse;
