import {once} from 'node:events';
import type {createConnection} from 'node:net';
import {type ConnectionOptions, connect, type TLSSocket} from 'node:tls';
import type {ExecutionContext} from 'ava';
import type {ClientOptions} from 'ws';
import type {Version} from './either.js';
import type {Endpoint} from './endpoint.js';
import {type Fetched, fetchHttp1} from './fetch.js';
import {Http1OverHttp2} from './http1-over-http2.js';
import {type Declare, declaring, onEachLane, onLane} from './lanes.js';
import {follow, type RawClient} from './raw-client.js';

const overHttp2 = new WeakSet<ExecutionContext>();

/** What the client of a test speaks. */
export function versionOf(t: ExecutionContext): Version {
	return overHttp2.has(t) ? 'HTTP/2' : 'HTTP/1.1';
}

/** Declares a test whose client speaks HTTP/2, for the wire lane: the client's side is the same in both. */
export function onHttp2(declare: Declare): Declare {
	return (title, exec) =>
		onLane('wire', declare)(`HTTP/2: ${title}`, t => {
			overHttp2.add(t);
			return exec(t);
		});
}

/**
 * Declares a test over HTTP/1.1 as `each` says, and once more over HTTP/2. The clients that it opens by
 * `openClient`, `dialAs` and `fetchAs` speak what the test was declared for.
 */
export function onEachVersion(declare: Declare, each = onEachLane): Declare {
	return (title, exec) => {
		each(declare)(title, exec);
		onHttp2(declare)(title, exec);
	};
}

/** AVA's `test`, which declares each test for both lanes over HTTP/1.1, and for the wire lane over HTTP/2. */
export const test = declaring(onEachVersion);

/** A connection to a tunnel that takes HTTP/1.1, whatever it speaks. */
export type Connection = TLSSocket | Http1OverHttp2;

/** Dials a tunnel and does not wait for it. */
export function dialAs(
	version: Version,
	{port, ca}: Endpoint,
	options: ConnectionOptions & {readonly allowHalfOpen?: boolean} = {},
): Connection {
	const socket = connect({
		host: '127.0.0.1',
		port,
		servername: 'localhost',
		ca,
		ALPNProtocols: [version === 'HTTP/2' ? 'h2' : 'http/1.1'],
		...options,
	});
	socket.setNoDelay(true);
	return version === 'HTTP/2' ? new Http1OverHttp2(socket, options) : socket;
}

/** Resolves when a connection that was dialled is there. */
export async function opened(connection: Connection): Promise<void> {
	await once(connection, connection instanceof Http1OverHttp2 ? 'ready' : 'secureConnect');
}

/** Opens a connection to a tunnel by the version of the test, to be written to as in HTTP/1.1. */
export async function openClient(
	t: ExecutionContext,
	tunnel: Endpoint,
): Promise<RawClient<Connection>> {
	const socket = dialAs(versionOf(t), tunnel);
	const client = follow(t, socket);
	await opened(socket);
	return client;
}

/** Has a client of `ws` speak the version of the test. */
export function webSocketAs(
	t: ExecutionContext,
	tunnel: Endpoint,
): Required<Pick<ClientOptions, 'createConnection'>> {
	const dial = () => dialAs(versionOf(t), tunnel);
	// It takes any stream; its types say otherwise.
	return {createConnection: dial as unknown as typeof createConnection};
}

/** `fetchHttp1`, by the version of the test: what comes over HTTP/2 is told as in HTTP/1.1. */
export function fetchAs(
	t: ExecutionContext,
	tunnel: Endpoint,
	path: string,
	options: Parameters<typeof fetchHttp1>[2] = {},
): Promise<Fetched> {
	const createConnection = () => dialAs(versionOf(t), tunnel);
	return fetchHttp1(tunnel, path, {agent: undefined, createConnection, ...options});
}

/** What is expected in HTTP/1.1, by the version of the test: over HTTP/2 names are in lower case. */
export function asSent(t: ExecutionContext, text: string): string {
	return versionOf(t) === 'HTTP/2' ? text.replace(/^[\w-]+:/gm, name => name.toLowerCase()) : text;
}
