import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import {Socket} from 'node:net';
import {ProxyError, systemCode} from '../../errors.js';
import {answerFor} from '../failure.js';
import type {Limits} from '../limits.js';
import {type ExchangeContext, runExchange} from './exchange.js';
import {Http1Downstream} from './http1.js';
import {headText} from './serialise.js';
import {UpgradeDownstream} from './upgrade.js';

/**
 * The server for connections that speak HTTP/1.1; next to it, each of them with the exchanges under way
 * on it.
 */
export function createHttp1(
	context: ExchangeContext,
	limits: Limits,
): {http1: Server; underway: ReadonlyMap<Socket, ReadonlySet<Http1Downstream>>} {
	const underway = new Map<Socket, Set<Http1Downstream>>();
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
		const exchanges = new Set<Http1Downstream>();
		underway.set(socket, exchanges);
		socket.once('close', () => {
			underway.delete(socket);
			for (const exchange of exchanges) {
				exchange.over();
			}
		});
	});
	const run = (request: IncomingMessage, response: ServerResponse) => {
		const {socket} = request;
		const exchanges = underway.get(socket);
		for (const earlier of exchanges ?? []) {
			if (earlier.last) {
				// The connection ends with that response: what comes behind it is no request any more.
				request.resume();
				return;
			}
		}
		const exchange = new Http1Downstream(request, response);
		exchanges?.add(exchange);
		response.on('close', () => {
			exchanges?.delete(exchange);
			if (exchanges?.size === 0 && context.draining()) {
				socket.destroySoon();
			}
			exchange.over();
		});
		if (context.draining()) {
			response.shouldKeepAlive = false;
		}
		runExchange(exchange, context);
	};
	server.on('request', run);
	server.on('checkContinue', run);
	server.on('checkExpectation', run);
	const handOver = (request: IncomingMessage, socket: unknown, early: Buffer): void => {
		if (!(socket instanceof Socket) || socket.destroyed) {
			return;
		}
		const [earlier] = underway.get(socket) ?? [];
		if (earlier !== undefined) {
			// The connection is not this request's yet: an answer to one before it is still to be sent.
			earlier.onOver(() => handOver(request, socket, early));
			return;
		}
		underway.delete(socket);
		runExchange(new UpgradeDownstream(request, socket, early), context);
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
	if (socket.writableEnded) {
		// It has its answer, which may still be on its way: Node reports a fault for whatever else comes.
		return;
	}
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
