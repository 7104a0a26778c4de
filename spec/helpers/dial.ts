import {connect} from 'node:net';
import {until} from './until.js';

/** Connects, closes again, and says what came of it: `accepted`, or the error's code. */
export function dial(port: number, host = '127.0.0.1'): Promise<string> {
	return new Promise(resolve => {
		const socket = connect(port, host, () => {
			socket.destroy();
			resolve('accepted');
		});
		socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
	});
}

/**
 * Waits until nobody listens on a port of this process that was closed: for a moment another may, as
 * spec files share a process, and a program that one of them starts has all its descriptors until it
 * runs.
 */
export async function refuses(port: number, host?: string): Promise<void> {
	await until('connections are refused', async () => (await dial(port, host)) === 'ECONNREFUSED');
}
