import {connect as connectTcp, type Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {connect as connectTls, type TLSSocket} from 'node:tls';
import type {ExecutionContext} from 'ava';
import type {Endpoint} from './endpoint.js';

/** A connection that takes bytes as they are and remembers all that came back. */
export interface RawClient<Connection extends Duplex = Socket | TLSSocket> {
	readonly socket: Connection;
	write(text: string | Buffer): void;
	/** What came so far, as latin1. */
	readonly received: string;
	/** Resolves with `received` once it contains `text`; rejects when the connection closes before. */
	until(text: string | RegExp): Promise<string>;
	/** Resolves when more has come; rejects when the connection has closed. */
	more(): Promise<string>;
	/** Resolves with `received` when the connection has closed. */
	closed(): Promise<string>;
}

/** Opens a TLS connection to a tunnel, speaking HTTP/1.1 unless told otherwise. */
export async function openTls(
	t: ExecutionContext,
	tunnel: Endpoint,
	alpn = 'http/1.1',
): Promise<RawClient> {
	const socket = connectTls({
		host: '127.0.0.1',
		port: tunnel.port,
		servername: 'localhost',
		ca: tunnel.ca,
		...tunnel.client,
		ALPNProtocols: [alpn],
	});
	const client = follow(t, socket);
	await new Promise((resolve, reject) => {
		socket.once('secureConnect', resolve);
		socket.once('error', reject);
	});
	return client;
}

/** Opens a plain TCP connection to a port of 127.0.0.1. */
export async function openTcp(t: ExecutionContext, port: number): Promise<RawClient> {
	const socket = connectTcp(port, '127.0.0.1');
	const client = follow(t, socket);
	await new Promise((resolve, reject) => {
		socket.once('connect', resolve);
		socket.once('error', reject);
	});
	return client;
}

/** Watches a socket that somebody else has opened, and closes it when the spec ends. */
export function follow<Connection extends Duplex>(
	t: ExecutionContext,
	socket: Connection,
): RawClient<Connection> {
	let received = '';
	let gone = false;
	let notice: () => void = () => undefined;
	socket.on('data', (chunk: Buffer) => {
		received += chunk.toString('latin1');
		notice();
	});
	socket.on('error', () => undefined);
	socket.on('close', () => {
		gone = true;
		notice();
	});
	t.teardown(() => socket.destroy());
	const wait = (done: () => boolean, mayClose: boolean) =>
		new Promise<string>((resolve, reject) => {
			const before = notice;
			notice = () => {
				before();
				if (done()) {
					resolve(received);
				} else if (gone && !mayClose) {
					reject(new Error(`closed after ${JSON.stringify(received)}`));
				}
			};
			notice();
		});
	return {
		socket,
		write: text => void socket.write(text as string, 'latin1'),
		get received() {
			return received;
		},
		until: text =>
			wait(() => (typeof text === 'string' ? received.includes(text) : text.test(received)), false),
		more() {
			const before = received.length;
			return wait(() => received.length > before, false);
		},
		closed: () => wait(() => gone, true),
	};
}
