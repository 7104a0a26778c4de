import {once} from 'node:events';
import {connect as connectTcp} from 'node:net';
import {Duplex} from 'node:stream';
import {connect as connectTls, type TLSSocket} from 'node:tls';
import type {ExecutionContext} from 'ava';
import type {Endpoint} from './endpoint.js';
import {follow, type RawClient} from './raw-client.js';

/** A TLS connection that can hold back what it sends. */
export interface Held {
	readonly socket: TLSSocket;
	/**
	 * Sends pieces, each in a record of its own and all records in one go. So the other side is handed piece
	 * after piece, and yet has read all of them before it can close: otherwise a reset would take away the
	 * answer that a spec is after.
	 */
	burst(pieces: ReadonlyArray<string | Buffer>): Promise<void>;
}

/** Connects to a tunnel, and does not wait for the handshake. */
export function connectHeld({port, ca, client}: Endpoint, alpn: string): Held {
	const tcp = connectTcp({port, host: '127.0.0.1', noDelay: true});
	let held: Buffer[] | undefined;
	const wire = new Duplex({
		read: () => tcp.resume(),
		write(chunk: Buffer, _encoding, callback) {
			if (held === undefined) {
				tcp.write(chunk);
			} else {
				held.push(chunk);
			}
			callback();
		},
		final(callback) {
			tcp.end(callback);
		},
		destroy(error, callback) {
			tcp.destroy();
			callback(error);
		},
	});
	tcp.on('data', chunk => {
		if (!wire.push(chunk)) {
			tcp.pause();
		}
	});
	tcp.once('end', () => wire.push(null));
	tcp.on('error', () => undefined);
	tcp.once('close', () => wire.destroy());
	const socket = connectTls({
		socket: wire,
		servername: 'localhost',
		ca,
		...client,
		ALPNProtocols: [alpn],
	});
	return {
		socket,
		async burst(pieces) {
			held = [];
			for (const piece of pieces) {
				const bytes = Buffer.from(piece as string, 'latin1');
				await new Promise<void>(resolve => socket.write(bytes, () => resolve()));
			}
			tcp.write(Buffer.concat(held));
			held = undefined;
		},
	};
}

/** Opens a connection and sends pieces over it in one go. */
export async function openBurst(
	t: ExecutionContext,
	endpoint: Endpoint,
	pieces: readonly string[],
): Promise<RawClient> {
	const {socket, burst} = connectHeld(endpoint, 'http/1.1');
	const client = follow(t, socket);
	await once(socket, 'secureConnect');
	await burst(pieces);
	return client;
}
