import {
	createServer,
	type Http2Server,
	type ServerHttp2Session,
	type ServerHttp2Stream,
} from 'node:http2';
import type {Limits} from '../limits.js';
import {type ExchangeContext, runExchange} from './exchange.js';
import {http2Downstream} from './http2.js';

/** The server for connections that speak HTTP/2; next to it, their sessions. */
export function createHttp2(
	context: ExchangeContext,
	limits: Limits,
): {http2: Http2Server; sessions: ReadonlySet<ServerHttp2Session>} {
	const sessions = new Set<ServerHttp2Session>();
	const busy = new Map<ServerHttp2Session, number>();
	const server = createServer({
		// Beyond these the stream is reset; up to them, too many fields get an answer.
		maxHeaderListPairs: Math.max(256, limits.fields + 56),
		// Megabytes. Node goes on counting what was on its way in a stream that is cancelled, and at 10
		// it refuses every further request. What a session really holds is bounded by its windows.
		maxSessionMemory: 1000,
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
