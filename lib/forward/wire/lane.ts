import type {TLSSocket} from 'node:tls';
import type {Lane} from '../lane.js';
import type {Limits} from '../limits.js';
import type {Client, Dialer, ExchangeReport, Snapshot} from '../seams.js';
import type {WireContext} from './context.js';
import {ClientConnection} from './downstream/connection.js';
import {Http2Connection} from './http2/downstream/connection.js';
import {Turn} from './http2/output/turn.js';
import {Pools} from './upstream/pool.js';

/** What the wire lane is put together from. */
export interface WireOptions {
	/** The configuration in force. */
	readonly snapshot: () => Snapshot;
	readonly dialer: Dialer;
	readonly limits: Limits;
	/** Told of every exchange when it is over. */
	readonly report: (report: ExchangeReport) => void;
}

/** The wire lane: forwards bytes, having read of them what has to be understood. */
export function createWireLane({snapshot, dialer, limits, report}: WireOptions): Lane {
	const connections = new Set<ClientConnection | Http2Connection>();
	const turn = new Turn();
	const tick = Math.min(1000, limits.head, limits.idle);
	const clock = {now: performance.now(), tick};
	const pools = new Pools(dialer);
	let draining = false;
	const context: WireContext = {
		snapshot,
		pools,
		limits,
		clock,
		draining: () => draining,
		report,
	};
	const timer = setInterval(() => {
		clock.now = performance.now();
		pools.sweep(clock.now);
		for (const connection of connections) {
			connection.check(clock.now);
		}
	}, tick);
	timer.unref();
	return {
		accept(socket: TLSSocket, client: Client) {
			const connection =
				socket.alpnProtocol === 'h2'
					? new Http2Connection(socket, client, context, turn)
					: new ClientConnection(socket, client, context);
			connections.add(connection);
			socket.once('close', () => connections.delete(connection));
		},
		reloaded(asksMore) {
			for (const connection of asksMore ? connections : []) {
				connection.drain();
			}
			clock.now = performance.now();
			pools.keep(
				snapshot().router.routes.map(route => route.backend),
				clock.now,
			);
		},
		drain() {
			draining = true;
			for (const connection of connections) {
				connection.drain();
			}
		},
		close() {
			clearInterval(timer);
			pools.close();
		},
	};
}
