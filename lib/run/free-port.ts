import {randomInt} from 'node:crypto';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {systemCode} from '../errors.js';
import {accepts} from './accepts.js';

/**
 * Below those that systems give to outgoing connections, so that nobody is given it while the dev server
 * starts, or starts again.
 */
const range = {from: 20_000, to: 32_000};

/** A port on which nothing listens, on either loopback address. */
export async function freePort(): Promise<number> {
	for (;;) {
		const port = randomInt(range.from, range.to);
		// One that listens on all addresses does not everywhere keep others from listening on one of them.
		const isFree = (await isOpen(port, '127.0.0.1')) && (await isOpen(port, '::1'));
		if (isFree && !(await accepts(port))) {
			return port;
		}
	}
}

async function isOpen(port: number, host: string): Promise<boolean> {
	const server = createServer();
	try {
		await once(server.listen({port, host, exclusive: true}), 'listening');
	} catch (error) {
		// A machine without IPv6.
		return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(systemCode(error) ?? '');
	}
	server.close();
	await once(server, 'close');
	return true;
}
