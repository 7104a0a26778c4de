import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import {
	createServer as createHttp2Server,
	type Http2Server,
	type ServerHttp2Session,
	type ServerHttp2Stream,
} from 'node:http2';
import {Socket} from 'node:net';
import type {TLSSocket} from 'node:tls';
import {ProxyError, systemCode} from '../../errors.js';
import {answerFor} from '../failure.js';
import {type ExchangeContext, runExchange} from './exchange.js';
import {http1Downstream} from './http1.js';
import {http2Downstream} from './http2.js';
import {headText} from './serialise.js';
import {upgradeDownstream} from './upgrade.js';

/** Bounds on what one client may take, in milliseconds and bytes. */
export interface Limits {
	/** How long a request's head may take. */
	readonly head: number;
	/** How long a connection may stay open without a request. */
	readonly idle: number;
	/** Largest head of a request. */
	readonly headSize: number;
}

/** Forwards the requests of every connection that it is given. */
export interface Lane {
	/** Takes a connection whose handshake is done. */
	accept(socket: TLSSocket): void;
	/** Tells clients that there will be no further requests; what runs goes on. */
	drain(): void;
	/** Gives up its timers; the connections belong to the listener. */
	close(): void;
}

/** The message lane: Node's own HTTP servers on the client's side, http-proxy on the backend's. */
export function createMessageLane(
	context: Omit<ExchangeContext, 'draining'>,
	limits: Limits,
): Lane {
	let draining = false;
	const exchanges: ExchangeContext = {...context, draining: () => draining};
	const {http1, underway} = createHttp1(exchanges, limits);
	const {http2, sessions} = createHttp2(exchanges, limits);
	return {
		accept(socket) {
			(socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket);
		},
		drain() {
			draining = true;
			for (const [socket, responses] of underway) {
				if (responses.size === 0) {
					socket.destroySoon();
				}
			}
			for (const session of sessions) {
				session.close();
			}
		},
		close() {
			http1.close();
			http2.close();
		},
	};
}

/** Next to the server, each of its connections with the responses under way on it. */
function createHttp1(
	context: ExchangeContext,
	limits: Limits,
): {http1: Server; underway: ReadonlyMap<Socket, ReadonlySet<ServerResponse>>} {
	const underway = new Map<Socket, Set<ServerResponse>>();
	const server = createServer({
		maxHeaderSize: limits.headSize,
		headersTimeout: limits.head,
		connectionsCheckingInterval: Math.min(1000, limits.head),
		requestTimeout: 0,
		keepAliveTimeout: limits.idle,
		requireHostHeader: false,
	});
	server.maxHeadersCount = 0;
	server.on('connection', socket => {
		const responses = new Set<ServerResponse>();
		underway.set(socket, responses);
		socket.once('close', () => {
			underway.delete(socket);
			for (const response of responses) {
				// Node tells only the response whose turn it is, and none that waits behind it.
				if (response.socket === null) {
					response.emit('close');
				}
			}
		});
	});
	const run = (request: IncomingMessage, response: ServerResponse) => {
		const {socket} = request;
		const responses = underway.get(socket);
		responses?.add(response);
		response.once('close', () => {
			responses?.delete(response);
			if (responses?.size === 0 && context.draining()) {
				socket.destroySoon();
			}
		});
		if (context.draining()) {
			response.shouldKeepAlive = false;
		}
		runExchange(http1Downstream(request, response), context);
	};
	server.on('request', run);
	server.on('checkContinue', run);
	server.on('checkExpectation', run);
	const handOver = (request: IncomingMessage, socket: unknown, early: Buffer) => {
		if (socket instanceof Socket) {
			underway.delete(socket);
			runExchange(upgradeDownstream(request, socket, early), context);
		}
	};
	server.on('upgrade', handOver);
	server.on('connect', handOver);
	server.on('clientError', (error, socket) => {
		if (socket instanceof Socket) {
			refuseHead(error, socket);
		}
	});
	// It never listens, being handed its connections. This starts its watch over slow heads.
	server.emit('listening');
	return {http1: server, underway};
}

/** Answers a head that the parser refused; the connection cannot go on after it. */
function refuseHead(error: Error, socket: Socket): void {
	const code = systemCode(error) ?? '';
	const busy = '_httpMessage' in socket && socket._httpMessage !== null;
	// Half a head and then the end: nobody is left to read an answer. Nor would what is written here
	// ever leave after a reset, and Node would hold the socket open for it.
	const gone = code === 'HPE_INVALID_EOF_STATE';
	if (
		!socket.writable ||
		busy ||
		gone ||
		!(code.startsWith('HPE_') || code.startsWith('ERR_HTTP_'))
	) {
		socket.destroy();
		return;
	}
	const {status, reason, headers, body} = answerFor(malformedHead(code), {method: '', headers: []});
	socket.write(headText(status, reason, [...headers, 'Connection', 'close']), 'latin1');
	socket.write(body);
	socket.destroySoon();
}

function malformedHead(code: string): ProxyError {
	if (code === 'HPE_HEADER_OVERFLOW') {
		return new ProxyError('head-too-large', 'downstream', 'the head of the request is too large');
	}
	if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
		return new ProxyError('head-timeout', 'downstream', 'the head of the request took too long');
	}
	return new ProxyError('request-malformed', 'downstream', `the request is not HTTP/1.1 (${code})`);
}

function createHttp2(
	context: ExchangeContext,
	limits: Limits,
): {http2: Http2Server; sessions: ReadonlySet<ServerHttp2Session>} {
	const sessions = new Set<ServerHttp2Session>();
	const busy = new Map<ServerHttp2Session, number>();
	const server = createHttp2Server({
		maxHeaderListPairs: 256,
		settings: {maxConcurrentStreams: 128, maxHeaderListSize: limits.headSize},
	});
	server.on('session', session => {
		sessions.add(session);
		session.setTimeout(limits.idle, () => {
			if (!busy.has(session)) {
				session.close();
			}
		});
		session.on('error', () => {
			/* 'close' follows, and is what counts */
		});
		session.on('close', () => sessions.delete(session));
	});
	server.on(
		'stream',
		(stream: ServerHttp2Stream, _fields: unknown, _flags: unknown, raw: unknown) => {
			const session = stream.session as ServerHttp2Session | undefined;
			if (session !== undefined) {
				busy.set(session, (busy.get(session) ?? 0) + 1);
				stream.on('close', () => {
					const left = (busy.get(session) ?? 1) - 1;
					left === 0 ? busy.delete(session) : busy.set(session, left);
				});
			}
			runExchange(http2Downstream(stream, raw as string[]), context);
		},
	);
	return {http2: server, sessions};
}
