import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import type {OwnNetwork} from './own-network.js';

/** A place to connect to, and from where. */
export interface Door {
	readonly name: string;
	readonly host: string;
	readonly port: number;
	readonly localAddress?: string | undefined;
}

const client = `
for (const {name, ...to} of JSON.parse(process.argv[1])) {
	const socket = require('node:net').connect(to);
	const end = answer => {
		console.log(name + ': ' + answer);
		socket.destroy();
		clearTimeout(timer);
	};
	// What has come in the meantime is heard first, and a server that was reached is waited for.
	let timer = setTimeout(() => setImmediate(end, 'silence'), 2500);
	socket.once('connect', () => {
		clearTimeout(timer);
		timer = setTimeout(end, 5000, 'silence');
	});
	socket.once('data', () => end('open')).once('error', error => end(error.code));
}
`;

/** A server for `knock`: says something to everybody, and outlives those who are gone by then. */
export const server = `
for (const port of process.argv.slice(1)) {
	require('node:net').createServer(socket => socket.on('error', () => {}).end('come in'))
		.listen(Number(port), '::', () => console.log(port + ' ready'));
}
`;

/**
 * Connects to all of them at once.
 *
 * @param uid as whom; as root when left out
 * @returns what becomes of it by name: `open`, `ECONNREFUSED`, `silence`
 */
export async function knock(
	{enter}: OwnNetwork,
	doors: readonly Door[],
	uid?: number,
): Promise<ReadonlyMap<string, string>> {
	const who =
		uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
	const args = [...enter, ...who, process.execPath, '-e', client, JSON.stringify(doors)];
	const {stdout} = await promisify(execFile)('nsenter', args);
	return new Map(
		Array.from(stdout.matchAll(/^(.*): (\w+)$/gm), ([, name = '', end = '']) => [name, end]),
	);
}
