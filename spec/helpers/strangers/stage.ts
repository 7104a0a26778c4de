import {chmodSync, copyFileSync, realpathSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {packageFile} from '../../../lib/package-file.js';
import {startBackend} from '../backend.js';
import {type Run, runSealport} from '../cli.js';
import {python} from '../http2-clients/programs.js';
import {run} from '../run.js';
import {temporaryDirectory} from '../temporary-directory.js';
import {until} from '../until.js';
import {curl, type User} from './users.js';

export const protocols = ['http/1.1', 'h2', 'ws'] as const;
export const addresses = ['127.0.0.1', '::1'] as const;

export type Protocol = (typeof protocols)[number];

/** One try of somebody. */
export interface Try {
	readonly user: User;
	/** Path of a curl or a Python. */
	readonly program: string;
	readonly protocol: Protocol;
	readonly address: (typeof addresses)[number];
	/** Of the request. */
	readonly path: string;
}

/** A place that every user can read. */
export interface Place {
	readonly directory: string;
	/** A copy of curl: another program to whoever goes by paths. */
	readonly otherCurl: string;
	/** Debian's Python, without links. */
	readonly python: string;
}

/** Makes a directory with what the clients of other users need. */
export function openPlace(t: ExecutionContext): Place {
	const directory = temporaryDirectory(t);
	chmodSync(directory, 0o755);
	const otherCurl = join(directory, 'curl');
	copyFileSync(curl, otherCurl);
	chmodSync(otherCurl, 0o755);
	copyFileSync(packageFile('spec/helpers/strangers/client.py'), join(directory, 'client.py'));
	chmodSync(join(directory, 'client.py'), 0o644);
	return {directory, otherCurl, python: realpathSync(python)};
}

/** A backend that says hello, also to WebSockets. */
export async function startHello(t: ExecutionContext): Promise<number> {
	const {port, server} = await startBackend(t, (_, response) => response.end('hello'));
	server.on('upgrade', (_, socket) => {
		socket.on('error', () => undefined);
		socket.write(
			'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
		);
		socket.end(Buffer.from('\x81\x05hello', 'latin1'));
	});
	return port;
}

/** The command line in front of a backend that says hello. */
export interface Guarded {
	readonly sealport: Run;
	readonly port: number;
	/** Its root, where every user can read it. */
	readonly ca: string;
	/** What a try came to: the status, and `hello` where the backend was reached. */
	tries(each: Try): Promise<string>;
	/** The line of the log about a refused request, which may come after the answer. */
	refusal(path: string): Promise<string>;
}

/** Starts it with flags of who may connect. */
export async function guard(
	t: ExecutionContext,
	place: Place,
	flags: readonly string[],
): Promise<Guarded> {
	const backend = await startHello(t);
	const home = temporaryDirectory(t);
	const sealport = runSealport(t, home, [String(backend), '--port', '0', '--json', ...flags]);
	const {port, ca: root} = await sealport.listening();
	const ca = join(place.directory, `ca-${port}.pem`);
	copyFileSync(root ?? '', ca);
	chmodSync(ca, 0o644);
	return {
		sealport,
		port,
		ca,
		tries: each => visit(each, port, ca, place),
		async refusal(path) {
			const line = () => sealport.stderr.split('\n').find(each => each.includes(`${path} from `));
			await until(`a line about ${path}: ${sealport.stderr}`, () => line() !== undefined);
			return line() ?? '';
		},
	};
}

/** Has a program of a user ask for a path. */
export async function visit(
	{user, program, protocol, address, path}: Try,
	port: number,
	ca: string,
	{directory}: Pick<Place, 'directory'>,
): Promise<string> {
	const isPython = program.includes('python');
	const args = isPython
		? ['-I', join(directory, 'client.py'), protocol, address, String(port), path, ca]
		: curlArguments(protocol, address, port, path, ca);
	const env = {HOME: '/nonexistent'};
	const {stdout, stderr} = await run(program, args, {uid: user.uid, env});
	// curl takes what follows 101 for a body, and says how it ended in its own way.
	const [status = '', ...rest] = isPython
		? stdout.trim().split(' ')
		: [/(\d{3}) [\d.]+$/.exec(stdout)?.[1] ?? stderr, stdout];
	return `${status}${rest.join(' ').includes('hello') ? ' hello' : ''}`;
}

function curlArguments(
	protocol: Protocol,
	address: string,
	port: number,
	path: string,
	ca: string,
): string[] {
	const bare = address.includes(':') ? `[${address}]` : address;
	const upgrade = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];
	const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
	return [
		'-sS',
		...['-w', ' %{http_code} %{http_version}', '--max-time', '120', '--cacert', ca],
		...['--noproxy', '*', '--resolve', `localhost:${port}:${bare}`],
		protocol === 'h2' ? '--http2' : '--http1.1',
		...(protocol === 'ws' ? [...upgrade, key].flatMap(field => ['-H', field]) : []),
		`https://localhost:${port}${path}`,
	];
}
