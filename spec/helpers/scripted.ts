import type {ExecutionContext} from 'ava';
import {startRawBackend} from './backend.js';
import {follow, type RawClient} from './raw-client.js';

/** A backend that sends what it is told to, and remembers all that came. */
export interface Scripted {
	readonly port: number;
	/** Every connection so far, in the order in which they came. */
	readonly connections: readonly RawClient[];
	/** What came over all connections, as latin1. */
	readonly received: string;
	/** Resolves with a connection, by default the first, once it is there. */
	connection(index?: number): Promise<RawClient>;
}

/**
 * Starts a backend on a free loopback port, closed when the spec ends.
 *
 * @param script for each connection, and may wait; a text is sent upon the first bytes that come
 */
export async function startScripted(
	t: ExecutionContext,
	script: string | ((connection: RawClient) => unknown) = () => undefined,
): Promise<Scripted> {
	const connections: RawClient[] = [];
	const waiting: Array<() => void> = [];
	const {port} = await startRawBackend(t, socket => {
		const connection = follow(t, socket);
		connections.push(connection);
		if (typeof script === 'string') {
			socket.once('data', () => connection.write(script));
		} else {
			Promise.resolve(script(connection)).catch(() => {
				/* the connection closed before what the script waited for: the spec sees that itself */
			});
		}
		for (const tell of waiting.splice(0)) {
			tell();
		}
	});
	return {
		port,
		connections,
		get received() {
			return connections.map(connection => connection.received).join('');
		},
		async connection(index = 0) {
			for (;;) {
				const connection = connections[index];
				if (connection !== undefined) {
					return connection;
				}
				await new Promise<void>(resolve => waiting.push(resolve));
			}
		},
	};
}

/** A script that sends `answer` for every request head; for requests without bodies. */
export function answering(answer: string): (connection: RawClient) => void {
	return connection => {
		let answered = 0;
		connection.socket.on('data', () => {
			const heads = connection.received.split('\r\n\r\n').length - 1;
			for (; answered < heads; answered++) {
				connection.write(answer);
			}
		});
	};
}

/** A response that is complete. */
export const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
