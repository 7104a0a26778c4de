import {once} from 'node:events';
import type {IncomingHttpHeaders, OutgoingHttpHeaders} from 'node:http';
import {connect} from 'node:http2';
import type {ExecutionContext} from 'ava';
import type {Tunnel} from '../../lib/index.js';
import {fetchHttp1, fetchHttp2} from './fetch.js';

/** What a client may speak; most specs run once for each. */
export const versions = ['HTTP/1.1', 'HTTP/2'] as const;
export type Version = (typeof versions)[number];

/** A request, whichever way it is sent. */
export interface Request {
	readonly method?: string;
	readonly path?: string;
	/** Host or `:authority`; what the client would send by itself when left out. */
	readonly host?: string;
	readonly headers?: Record<string, string | string[]>;
	readonly body?: string | Buffer;
}

/** A response with its body complete, whichever way it came. */
export interface Response {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly trailers: Record<string, string | string[] | undefined>;
	readonly body: string;
}

/** Sends one request over a connection of its own. Rejects unless the response is complete. */
export async function fetchEither(
	t: ExecutionContext,
	tunnel: Tunnel,
	version: Version,
	{method = 'GET', path = '/', host, headers = {}, body}: Request = {},
): Promise<Response> {
	if (version === 'HTTP/1.1') {
		const fields: OutgoingHttpHeaders = host === undefined ? headers : {host, ...headers};
		const response = await fetchHttp1(tunnel, path, {
			method,
			headers: fields,
			// Node would take it from the Host.
			servername: 'localhost',
			...(body === undefined ? {} : {body}),
		});
		const trailers: Record<string, string> = {};
		for (let index = 0; index < response.rawTrailers.length; index += 2) {
			trailers[(response.rawTrailers[index] ?? '').toLowerCase()] =
				response.rawTrailers[index + 1] ?? '';
		}
		return {status: response.status, headers: response.headers, trailers, body: response.body};
	}
	const session = connect(`https://localhost:${tunnel.port}`, {ca: tunnel.ca ?? ''});
	t.teardown(() => session.destroy());
	await once(session, 'connect');
	session.on('error', () => undefined);
	try {
		const authority: Record<string, string> = host === undefined ? {} : {':authority': host};
		const fields = {':method': method, ':path': path, ...authority, ...headers};
		const response = await fetchHttp2(session, fields, body);
		return {...response, headers: response.headers as IncomingHttpHeaders};
	} finally {
		session.destroy();
	}
}
