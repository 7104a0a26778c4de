import {ProxyError} from '../../errors.js';
import {identify} from '../authority.js';
import {answerFor} from '../failure.js';
import {endToEnd, filterHeaders, withForwarded} from '../headers.js';
import type {Authority, Connections, ExchangeReport, Snapshot} from '../seams.js';
import type {Downstream} from './downstream.js';
import type {RequestHead} from './outgoing.js';
import {Sending} from './send.js';

/** What every exchange of a lane has at hand. */
export interface ExchangeContext {
	/** The configuration in force. An exchange ends with the one it began with. */
	readonly snapshot: () => Snapshot;
	readonly connections: Connections;
	readonly draining: () => boolean;
	/** Most header fields that a request may have. */
	readonly mostFields: number;
	/** Told of every exchange when it is over. */
	readonly report: (report: ExchangeReport) => void;
}

/** Takes one request all the way: identify, match, admit, forward, finish. */
export function runExchange(downstream: Downstream, context: ExchangeContext): void {
	const fail = beginReport(downstream, context.report);
	try {
		const {router, policies} = context.snapshot();
		refuse(downstream, context);
		const {authority, target} = identify(downstream);
		const route = router.match(authority, target);
		for (const policy of policies) {
			const refusal = policy.admit(authority);
			if (refusal !== undefined) {
				throw refusal;
			}
		}
		if (route === undefined) {
			throw new ProxyError('route-missing', 'downstream', 'no route matches this request');
		}
		const path = target === '*' ? target : route.pathFor(target);
		const head = requestHead(downstream, authority, path);
		const sending = new Sending(downstream, head, route.backend, context.connections, fail);
		downstream.onOver(complete => sending.over(complete));
		sending.start();
	} catch (error) {
		fail(
			error instanceof ProxyError
				? error
				: new ProxyError('request-malformed', 'internal', 'the request cannot be forwarded', {
						cause: error,
					}),
		);
	}
}

function refuse(downstream: Downstream, {draining, mostFields}: ExchangeContext): void {
	const {method, headers, upgrade, fields} = downstream;
	if (draining()) {
		throw new ProxyError('draining', 'internal', 'Sealport is shutting down');
	}
	if (method === 'CONNECT') {
		throw new ProxyError('method-refused', 'downstream', 'CONNECT is not for this kind of proxy');
	}
	if (headers.length / 2 > mostFields) {
		const message = `the request has ${headers.length / 2} header fields, and ${mostFields} are the most`;
		throw new ProxyError('head-too-large', 'downstream', message);
	}
	const {codings, length} = fields;
	if (codings !== undefined && downstream.version === 'HTTP/1.0') {
		throw new ProxyError('request-malformed', 'downstream', 'HTTP/1.0 has no Transfer-Encoding');
	}
	if (codings !== undefined && codings.toLowerCase() !== 'chunked') {
		const message = 'the request has a transfer coding other than chunked';
		throw new ProxyError('request-malformed', 'downstream', message);
	}
	if (upgrade !== undefined && (codings !== undefined || Number(length ?? '0') !== 0)) {
		const message = 'the request asks for another protocol and has a body';
		throw new ProxyError('request-malformed', 'downstream', message);
	}
}

/** Methods whose request has no body unless it says so; any other says when it has none. */
const bodiless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']);

function requestHead(downstream: Downstream, authority: Authority, path: string): RequestHead {
	const {method, body, upgrade, address, fields} = downstream;
	let headers = upgrade === undefined ? fields.endToEnd : endToEnd(downstream.headers, true);
	if (body === undefined || fields.length !== undefined) {
		// Only chunks carry trailers, and Node throws where they are announced without.
		headers = fields.announces ? filterHeaders(headers, name => name !== 'trailer') : headers;
		if (fields.length === undefined && !bodiless.has(method.toUpperCase())) {
			headers.push('Content-Length', '0');
		}
	} else {
		headers.push('Transfer-Encoding', 'chunked');
	}
	const client = {address, host: authority.text, port: authority.port ?? 443};
	return {method, path, headers: withForwarded(headers, client)};
}

/** Starts to watch an exchange; what it returns answers the client for a failure and reports it. */
function beginReport(
	downstream: Downstream,
	report: (report: ExchangeReport) => void,
): (error: ProxyError) => void {
	const started = performance.now();
	let failure: ProxyError | undefined;
	downstream.onOver(complete => {
		const {version, method, target, hosts, status} = downstream;
		const milliseconds = performance.now() - started;
		const host = hosts[0] ?? '';
		report({version, method, target, host, status, complete, milliseconds, failure});
	});
	return error => {
		failure ??= error;
		if (downstream.status !== undefined) {
			downstream.cut();
			return;
		}
		const {status, reason, headers, body} = answerFor(error, downstream);
		// What follows a request that is refused cannot be told apart.
		const last = error.source === 'downstream' && error.code !== 'name-not-served';
		const head = {status, reason, headers: [...headers], chunked: false, announces: false, last};
		downstream.respond(head);
		if (downstream.method !== 'HEAD') {
			downstream.write(body);
		}
		downstream.end([]);
	};
}
