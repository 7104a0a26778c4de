import type {IncomingMessage} from 'node:http';
import {type ClientHttp2Session, connect} from 'node:http2';
import {type RequestOptions, request} from 'node:https';
import type {ExecutionContext} from 'ava';
import type {Endpoint} from './endpoint.js';

/** A response with its body complete. */
export interface Fetched {
	readonly status: number;
	readonly reason: string;
	readonly rawHeaders: readonly string[];
	readonly headers: IncomingMessage['headers'];
	readonly rawTrailers: readonly string[];
	readonly body: string;
}

/** One request over HTTP/1.1, trusting the tunnel's CA and nothing else. */
export function fetchHttp1(
	tunnel: Endpoint,
	path: string,
	options: RequestOptions & {readonly body?: string | Buffer} = {},
): Promise<Fetched> {
	return new Promise((resolve, reject) => {
		const outgoing = request(
			{host: 'localhost', port: tunnel.port, ca: tunnel.ca, path, agent: false, ...options},
			response => {
				let body = '';
				response.setEncoding('latin1');
				response.on('data', chunk => {
					body += chunk;
				});
				response.on('error', reject);
				response.on('end', () =>
					resolve({
						status: response.statusCode ?? 0,
						reason: response.statusMessage ?? '',
						rawHeaders: response.rawHeaders,
						headers: response.headers,
						rawTrailers: response.rawTrailers,
						body,
					}),
				);
			},
		);
		outgoing.on('error', reject);
		outgoing.end(options.body);
	});
}

/** An HTTP/2 connection to a tunnel, closed when the spec ends. */
export async function openHttp2(
	t: ExecutionContext,
	tunnel: Endpoint,
): Promise<ClientHttp2Session> {
	const session = connect(`https://localhost:${tunnel.port}`, {
		ca: tunnel.ca ?? '',
		// Megabytes. Node's client, too, goes on counting what it has cancelled, and then gives up by itself.
		maxSessionMemory: 1000,
	});
	t.teardown(() => session.destroy());
	await new Promise((resolve, reject) => {
		session.once('connect', resolve);
		session.once('error', reject);
	});
	session.on('error', () => undefined);
	return session;
}

/** What came back on one HTTP/2 stream. */
export interface FetchedHttp2 {
	readonly status: number;
	readonly headers: Record<string, string | string[] | undefined>;
	readonly rawHeaders: readonly string[];
	readonly trailers: Record<string, string | string[] | undefined>;
	readonly body: string;
}

/** One request over HTTP/2. Rejects when the stream is reset. */
export function fetchHttp2(
	session: ClientHttp2Session,
	headers: Record<string, string | string[]>,
	body?: string | Buffer,
): Promise<FetchedHttp2> {
	return new Promise((resolve, reject) => {
		const stream = session.request(headers, {endStream: body === undefined});
		let fields: FetchedHttp2['headers'] = {};
		let rawHeaders: readonly string[] = [];
		let trailers: FetchedHttp2['trailers'] = {};
		let text = '';
		stream.setEncoding('latin1');
		stream.on('response', (received, _flags, ...rest: unknown[]) => {
			fields = received as FetchedHttp2['headers'];
			rawHeaders = (rest[0] as string[] | undefined) ?? [];
		});
		stream.on('trailers', received => {
			trailers = received as FetchedHttp2['trailers'];
		});
		stream.on('data', chunk => {
			text += chunk;
		});
		stream.on('error', reject);
		stream.on('close', () => {
			if (stream.rstCode !== 0) {
				reject(new Error(`stream reset with code ${stream.rstCode}`));
				return;
			}
			resolve({
				status: Number(fields[':status']),
				headers: fields,
				rawHeaders,
				trailers,
				body: text,
			});
		});
		if (body !== undefined) {
			stream.end(body);
		}
	});
}
