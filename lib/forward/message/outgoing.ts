import type {Agent, ClientRequest, IncomingMessage, ServerResponse} from 'node:http';
import {createRequire} from 'node:module';
import util from 'node:util';
import type HttpProxy from 'http-proxy';
import {packageFile} from '../../package-file.js';
import type {RawHeaders} from '../headers.js';
import type {Backend} from '../seams.js';
import {grouped} from './serialise.js';

/** Largest head of a response that a backend may send, in bytes. */
const largestHead = 64 * 1024;

type Pass = (...parts: unknown[]) => unknown;

const {createProxyServer} = loadHttpProxy();

/**
 * http-proxy takes `util._extend` when it is loaded and calls it for every request, upon which Node
 * warns (DEP0060). `Object.assign` does the same and is what it finds in that place.
 */
function loadHttpProxy(): typeof HttpProxy {
	const holder = util as {_extend?: unknown};
	const before = Object.getOwnPropertyDescriptor(util, '_extend');
	Object.defineProperty(holder, '_extend', {value: Object.assign, configurable: true});
	try {
		return createRequire(packageFile('package.json'))('http-proxy') as typeof HttpProxy;
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

/** Is told what becomes of a request to the backend. */
export interface Outcome {
	responded(response: IncomingMessage): void;
	/** Whatever else befalls it, before its response or within it. */
	failed(error: Error): void;
}

/**
 * Makes http-proxy open the request to the backend, with nothing of it sent yet.
 *
 * @param agent the backend's connections, and no other's
 */
export function openOutgoing(
	head: RequestHead,
	backend: Backend,
	agent: Agent,
	outcome: Outcome,
): ClientRequest {
	let open = openers.get(agent);
	if (open === undefined) {
		open = openerFor(backend, agent);
		openers.set(agent, open);
	}
	return open(head, outcome);
}

type Open = (head: RequestHead, outcome: Outcome) => ClientRequest;

const openers = new WeakMap<Agent, Open>();

function openerFor(backend: Backend, agent: Agent): Open {
	let head: RequestHead = {method: 'GET', path: '/', headers: []};
	let opened: ClientRequest | undefined;
	const proxy = createProxyServer({
		target: targetOf(backend),
		agent,
		toProxy: true,
		selfHandleResponse: true,
		// Upon this object http-proxy puts the options of the request that it makes. Of what it sets, path
		// and fields would not be what came: it folds doubled slashes, and keeps fields by name.
		ssl: {
			maxHeaderSize: largestHead,
			get path() {
				return head.path;
			},
			set path(_folded) {},
			get headers() {
				return isLate(head) ? {} : head.headers;
			},
			set headers(_byName) {},
		} as never,
		// In place of the body, http-proxy gets this; so the request is in our hands before any of it
		// is sent, and body, trailers and failures are ours to pass on.
		buffer: {
			pipe(request: ClientRequest) {
				opened = request;
			},
		} as never,
	}) as HttpProxy & {webPasses: Pass[]};
	// The pass `deleteLength` takes away the framing of a DELETE or OPTIONS that has a chunked body, so
	// that its body reaches the backend as a second request (CVE-2026-29057).
	proxy.webPasses = proxy.webPasses.filter(pass => pass.name !== 'deleteLength');
	proxy.on('proxyRes', (response, presented) => outcomeOf(presented).responded(response));
	proxy.on('error', (error, presented) => outcomeOf(presented).failed(error));
	return (next, outcome) => {
		head = next;
		opened = undefined;
		proxy.web(new Presented(head.method, outcome) as unknown as IncomingMessage, presentedResponse);
		// By way of a variable that TypeScript does not believe to be still undefined.
		const request = opened as ClientRequest | undefined;
		if (request === undefined) {
			throw new Error('http-proxy has opened no request');
		}
		request.maxHeadersCount = 0;
		if (isLate(head)) {
			request.method = head.method;
			for (const [name, value] of Object.entries(grouped(head.headers))) {
				request.setHeader(name, value);
			}
		}
		return request;
	};
}

/**
 * Whether the head can be set only after the request is made: Node writes a method in capitals, and fields
 * that it is given in their order it puts behind the method at once.
 */
function isLate({method}: RequestHead): boolean {
	return method !== method.toUpperCase();
}

function targetOf(backend: Backend): HttpProxy.ServerOptions['target'] {
	return backend.kind === 'unix'
		? ({protocol: 'http:', host: 'localhost', socketPath: backend.path} as never)
		: {protocol: 'http:', host: backend.host, port: backend.port};
}

const noFields = Object.freeze({});
const connected = Object.freeze({destroyed: false});

/** What http-proxy reads of a request; it listens for events that never come here. */
class Presented {
	readonly url = '/';
	readonly headers = noFields;
	readonly socket = connected;

	constructor(
		readonly method: string,
		readonly outcome: Outcome,
	) {}

	on(): this {
		return this;
	}
}

function outcomeOf(presented: IncomingMessage): Outcome {
	return (presented as unknown as Presented).outcome;
}

/** A response that http-proxy takes for done, and so leaves to us. */
const presentedResponse = {headersSent: true, finished: true} as ServerResponse;
