import type {Agent, ClientRequest, IncomingMessage, ServerResponse} from 'node:http';
import type HttpProxy from 'http-proxy';
import type {ProxyError} from '../../errors.js';
import type {Backend, ProxyOptions} from '../seams.js';
import {httpProxy} from './http-proxy.js';
import {Listeners} from './listeners.js';
import {grouped, type RequestHead} from './outgoing-head.js';
import {redirectOptions} from './redirects.js';
import {targetOf} from './target.js';

/** Largest head of a response that a backend may send, in bytes. */
const largestHead = 64 * 1024;

type Pass = (...parts: unknown[]) => unknown;

/** Is told what becomes of a request to the backend. */
export interface Outcome {
	/** It has a connection, and nothing of it is sent yet. */
	connected(request: ClientRequest): void;
	responded(response: IncomingMessage): void;
	/** Whatever else befalls it, before its response or within it. */
	failed(error: Error): void;
	/** A listener has failed. */
	spoilt(error: ProxyError): void;
}

const outcomeOf = Symbol('outcome');

/** What http-proxy takes for a client's request. */
export interface Presented {
	[outcomeOf]?: Outcome;
}

/** What http-proxy takes for a client's request and its response. */
export interface Pair {
	readonly request: object;
	readonly response: object;
}

/** One instance of http-proxy, which opens requests to one backend. */
export interface Opener {
	readonly proxy: HttpProxy;
	readonly listeners: Listeners;
	/** Those of the instance. */
	readonly options: object;
	/**
	 * Makes http-proxy open a request, with nothing of it sent yet.
	 *
	 * @param agent the backend's connections, and no other's
	 * @param pair what listeners are to see; without it, fields cannot be changed any more
	 * @throws ProxyError `function-failed` when a listener for `start` throws
	 */
	open(head: RequestHead, agent: Agent, outcome: Outcome, pair?: Pair): ClientRequest;
}

/** What is being opened. */
interface Opening {
	readonly head: RequestHead;
	readonly agent: Agent;
	readonly isLate: boolean;
}

/**
 * Sets up an instance of http-proxy.
 *
 * @param match of the route, for messages
 */
export function createOpener(backend: Backend, asked: ProxyOptions, match: string): Opener {
	const follows = asked.followRedirects === true;
	let opening: Opening | undefined;
	let opened: ClientRequest | undefined;
	const agent = () => opening?.agent;
	const options = {
		target: targetOf(backend),
		get agent() {
			return agent();
		},
		get followRedirects() {
			// Those of WebSockets are not followed by http-proxy either.
			return follows && opening?.head.upgrade === false;
		},
		proxyTimeout: asked.proxyTimeout,
		toProxy: true,
		selfHandleResponse: true,
		// Upon this object http-proxy puts the options of the request that it makes. Of what it sets, path
		// and fields would not be what came: it folds doubled slashes, and keeps fields by name.
		ssl: {
			maxHeaderSize: largestHead,
			...(follows ? redirectOptions(backend, agent) : {}),
			get path() {
				return opening?.head.path;
			},
			set path(_folded) {},
			get headers() {
				return opening === undefined || opening.isLate ? {} : fieldsOf(opening.head, follows);
			},
			set headers(_byName) {},
		},
		// In place of the body, http-proxy gets this; so the request is in our hands before any of it
		// is sent, and body, trailers and failures are ours to pass on.
		buffer: {
			pipe(request: ClientRequest) {
				opened = request;
			},
		},
	};
	const proxy = httpProxy.createProxyServer(options as never) as HttpProxy & {webPasses: Pass[]};
	proxy.on('error', () => {
		/* without a listener it would throw */
	});
	const listeners = new Listeners(proxy, match);
	const caller = callerOf(proxy, asked.configure === undefined ? undefined : listeners);
	return {
		proxy,
		listeners,
		options,
		open(head, agentOfBackend, outcome, pair) {
			const isLate = pair !== undefined || isByHand(head);
			opening = {head, agent: agentOfBackend, isLate};
			opened = undefined;
			const request: Presented = pair?.request ?? new Bare(head.method);
			request[outcomeOf] = outcome;
			const response = (pair?.response ?? bareResponse) as ServerResponse;
			proxy.web.call(caller as never, request as IncomingMessage, response);
			// By way of a variable that TypeScript does not believe to be still undefined.
			const made = opened as ClientRequest | undefined;
			if (made === undefined) {
				throw new Error('http-proxy has opened no request');
			}
			made.maxHeadersCount = 0;
			if (isLate) {
				made.method = head.method;
				for (const [name, value] of Object.entries(grouped(head.headers))) {
					made.setHeader(name, value);
				}
			}
			return made;
		},
	};
}

/**
 * What http-proxy calls in place of the instance, so that what happens comes to us first. Its pass
 * `deleteLength` is left out: it takes away the framing of a DELETE or OPTIONS that has a chunked body, so that
 * its body reaches the backend as a second request (CVE-2026-29057).
 */
function callerOf(
	proxy: HttpProxy & {webPasses: readonly Pass[]},
	listeners: Listeners | undefined,
): object {
	return {
		webPasses: proxy.webPasses.filter(pass => pass.name !== 'deleteLength'),
		emit(event: string, first: unknown, second: unknown, third: unknown) {
			if (event === 'proxyReq') {
				(second as Presented)[outcomeOf]?.connected(first as ClientRequest);
			} else if (event === 'proxyRes') {
				(second as Presented)[outcomeOf]?.responded(first as IncomingMessage);
			} else if (event === 'error') {
				(second as Presented)[outcomeOf]?.failed(first as Error);
			} else if (event === 'start') {
				const outcome = (first as Presented)[outcomeOf];
				listeners?.tell(error => outcome?.spoilt(error), event, first, second, third);
			} else {
				tellLast(listeners, event, first, second, third);
			}
		},
	};
}

/** Tells of what comes when all is over, and so of no consequence. */
function tellLast(listeners: Listeners | undefined, event: string, ...parts: unknown[]): void {
	try {
		listeners?.tell(() => undefined, event, ...parts);
	} catch {
		// There is nobody left to be told.
	}
}

/** Node sends fields that it is given as a list in that order; follow-redirects knows them by name only. */
function fieldsOf({headers}: RequestHead, follows: boolean) {
	return follows ? grouped(headers) : headers;
}

/**
 * Whether the head can be set only after the request is made: Node writes a method in capitals, and fields
 * that it is given in their order it puts behind the method at once.
 */
function isByHand({method}: RequestHead): boolean {
	return method !== method.toUpperCase();
}

const noFields = Object.freeze({});
const connected = Object.freeze({destroyed: false});

/** What http-proxy reads of a request; it listens for events that never come here. */
class Bare implements Presented {
	[outcomeOf]?: Outcome = undefined as never;
	readonly url = '/';
	readonly headers = noFields;
	readonly socket = connected;
	readonly method: string;

	constructor(method: string) {
		this.method = method;
	}

	on(): this {
		return this;
	}
}

/** A response that http-proxy takes for done, and so leaves to us. */
const bareResponse = {headersSent: true, finished: true};
