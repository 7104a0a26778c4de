import {constants} from 'node:http2';
import {connect, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import type {Endpoint} from './endpoint.js';
import {Http1OverHttp2} from './http1-over-http2.js';
import {reset} from './reset.js';
import {type Connection, dialAs, versionOf} from './versions.js';

type Departure = (connection: Connection, tcp: Socket) => void;

/** How a client goes away: in order, without a word, or with a reset. */
export const departures: Readonly<Record<string, Departure>> = {
	'ends its connection': connection => connection.end(),
	'closes its connection': (_connection, tcp) => tcp.destroy(),
	'resets its connection': (connection, tcp) =>
		reset(tcp, connection instanceof Http1OverHttp2 ? connection.tls : connection),
};

/** Resets the stream of the request that runs, and leaves its connection alone. */
export function resetStream(connection: Connection): void {
	if (!(connection instanceof Http1OverHttp2) || connection.stream === undefined) {
		throw new Error('no request runs over HTTP/2');
	}
	connection.stream.close(constants.NGHTTP2_CANCEL);
}

/**
 * Opens a connection by the version of the test, sends something as in HTTP/1.1, and goes away.
 *
 * @param endpoint with a `session` of TLS to resume, when it is to be quick
 * @param leave one of `departures`
 * @param answered the answer that it waits for before it leaves; it does not wait when left out
 */
export async function abandon(
	t: ExecutionContext,
	{port, ca, session}: Endpoint & {readonly session?: Buffer | undefined},
	text: string,
	leave: Departure,
	answered?: (received: string) => boolean | Promise<boolean>,
): Promise<void> {
	const tcp = connect(port, '127.0.0.1');
	const client = dialAs(versionOf(t), {port, ca}, {socket: tcp, session});
	const gone = new Promise<void>(resolve => tcp.once('close', () => resolve()));
	let received = '';
	client.resume();
	tcp.on('error', () => undefined);
	client.on('error', () => tcp.destroy());
	await new Promise<void>(resolve => {
		client.once('close', () => resolve());
		client.write(Buffer.from(text, 'latin1'), () => resolve());
	});
	if (answered !== undefined) {
		await new Promise<void>(resolve => {
			const look = async (chunk: Buffer | string = '') => {
				received += chunk;
				if (await answered(received)) {
					client.off('data', look);
					resolve();
				}
			};
			client.on('data', look);
			client.once('close', () => resolve());
			void look();
		});
	}
	leave(client, tcp);
	await gone;
}

/** Does something so many times, no more than a few of them at once. */
export async function times(
	count: number,
	act: (index: number) => Promise<unknown>,
): Promise<void> {
	let next = 0;
	const work = async () => {
		while (next < count) {
			await act(next++);
		}
	};
	await Promise.all(Array.from({length: 20}, work));
}
