import {connect, type Socket} from 'node:net';
import {connect as connectTls, type TLSSocket} from 'node:tls';
import type {Endpoint} from './endpoint.js';

type Departure = (tls: TLSSocket, tcp: Socket) => void;

/** How a client goes away: in order, without a word, or with a reset. */
export const departures: Readonly<Record<string, Departure>> = {
	'ends its connection': tls => tls.end(),
	'closes its connection': (_tls, tcp) => tcp.destroy(),
	'resets its connection': (_tls, tcp) => tcp.resetAndDestroy(),
};

/**
 * Opens a TLS connection, sends something, and goes away.
 *
 * @param endpoint with a `session` to resume, when it is to be quick
 * @param leave one of `departures`
 * @param answered the answer that it waits for before it leaves; it does not wait when left out
 */
export async function abandon(
	{port, ca, session}: Endpoint & {readonly session?: Buffer | undefined},
	text: string,
	leave: Departure,
	answered?: (received: string) => boolean | Promise<boolean>,
): Promise<void> {
	const tcp = connect(port, '127.0.0.1');
	const tls = connectTls({
		socket: tcp,
		servername: 'localhost',
		ca,
		session,
		ALPNProtocols: ['http/1.1'],
	});
	const gone = new Promise<void>(resolve => tcp.once('close', () => resolve()));
	let received = '';
	tls.resume();
	tcp.on('error', () => undefined);
	tls.on('error', () => tcp.destroy());
	await new Promise<void>(resolve => {
		tls.once('close', () => resolve());
		tls.once('secureConnect', () => tls.write(text, 'latin1', () => resolve()));
	});
	if (answered !== undefined) {
		await new Promise<void>(resolve => {
			const look = async () => {
				if (await answered(received)) {
					resolve();
				}
			};
			tls.on('data', chunk => {
				received += chunk;
				void look();
			});
			tls.once('close', () => resolve());
			void look();
		});
	}
	leave(tls, tcp);
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
