import {fork} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import type {Handshake} from '../../../lib/listener/listener.js';
import type {Endpoint} from '../endpoint.js';
import {temporaryDirectory} from '../temporary-directory.js';

/** An exchange as the tunnel reports it. */
export interface Exchange {
	readonly version: string;
	readonly method: string;
	readonly target: string;
	readonly status?: number;
	readonly complete: boolean;
	/** The code of what failed. */
	readonly failure?: string;
}

/** A tunnel in a process of its own that tells who connects and what is asked for. */
export interface WatchedTunnel extends Endpoint {
	readonly url: string;
	readonly ca: string;
	readonly caFile: string;
	/** What was agreed on with each connection, in their order. */
	readonly handshakes: readonly Handshake[];
	readonly exchanges: readonly Exchange[];
	/** What the process said on stderr. */
	readonly said: string;
	/** The most memory that the process ever had resident, in MiB; `undefined` where nothing tells. */
	peak(): number | undefined;
}

interface Message {
	readonly listening?: Pick<WatchedTunnel, 'url' | 'port' | 'ca' | 'caFile'>;
	readonly handshake?: Handshake;
	readonly exchange?: Exchange;
}

/** Starts such a process in front of a backend, with a certificate store of its own. */
export async function watchTunnel(t: ExecutionContext, routes: number): Promise<WatchedTunnel> {
	const program = fileURLToPath(new URL('./tunnel-process.js', import.meta.url));
	const options = JSON.stringify({routes, certs: temporaryDirectory(t)});
	const child = fork(program, [options], {stdio: ['ignore', 'ignore', 'pipe', 'ipc']});
	t.teardown(async () => {
		const ended = once(child, 'close');
		child.kill('SIGKILL');
		await ended;
	});
	const handshakes: Handshake[] = [];
	const exchanges: Exchange[] = [];
	let said = '';
	child.stderr?.on('data', chunk => {
		said += chunk;
	});
	const listening = new Promise<NonNullable<Message['listening']>>((resolve, reject) => {
		child.once('exit', () => reject(new Error(`the tunnel has ended: ${said}`)));
		child.on('message', (message: Message) => {
			if (message.listening !== undefined) {
				resolve(message.listening);
			} else if (message.handshake !== undefined) {
				handshakes.push(message.handshake);
			} else if (message.exchange !== undefined) {
				exchanges.push(message.exchange);
			}
		});
	});
	return {
		...(await listening),
		handshakes,
		exchanges,
		get said() {
			return said;
		},
		peak() {
			if (process.platform !== 'linux') {
				return undefined;
			}
			const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
			return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024);
		},
	};
}
