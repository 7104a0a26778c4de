import {Worker} from 'node:worker_threads';
import type {Ends, Peers} from '../../../forward/seams.js';
import {packageFile} from '../../../package-file.js';
import type {PeerSearch} from '../find-peers.js';
import type {Answer, Order} from './order.js';

interface Waiting {
	resolve(peers: Peers): void;
	reject(reason: Error): void;
	readonly deadline: NodeJS.Timeout;
}

/**
 * Looks in a thread of its own: `/proc` is read with calls that block, since those are several times
 * faster than promises, and the data plane has to go on meanwhile. The thread keeps no process alive. When
 * it ends or does not answer, whoever waits is told, and the next lookup starts another.
 *
 * @param patience after how many milliseconds a lookup has failed
 * @param program what the thread runs; the search, by default
 */
export function openOnLinux(
	patience = 10_000,
	program = packageFile('dist/lib/access/peers/linux/worker.js'),
): PeerSearch {
	const waiting = new Map<number, Waiting>();
	let thread: Worker | undefined;
	let last = 0;
	let closed = false;
	const settle = (id: number, use: (each: Waiting) => void) => {
		const each = waiting.get(id);
		if (each !== undefined) {
			waiting.delete(id);
			clearTimeout(each.deadline);
			use(each);
		}
	};
	const fail = (why: string) => {
		for (const id of [...waiting.keys()]) {
			settle(id, ({reject}) => reject(new Error(why)));
		}
	};
	const drop = (why: string) => {
		const dropped = thread;
		thread = undefined;
		void dropped?.terminate();
		fail(why);
	};
	const start = () => {
		const started = new Worker(program, {
			// Flags and preloaded modules of the program around us have no business here, and what the thread
			// starts is not to be led astray by variables.
			execArgv: [],
			env: {},
		});
		started.unref();
		started.on('message', (answer: Answer) =>
			settle(answer.id, ({resolve, reject}) => {
				if ('peers' in answer) {
					resolve(answer.peers);
				} else {
					reject(new Error(answer.failure));
				}
			}),
		);
		const ended = (why: string) => {
			if (thread === started) {
				drop(why);
			}
		};
		started.on('error', error => ended(`the search for processes failed: ${error.message}`));
		started.on('exit', () => ended('the search for processes ended'));
		thread = started;
		return started;
	};
	start();
	return {
		find: (ends: Ends) =>
			new Promise((resolve, reject) => {
				if (closed) {
					reject(new Error('the search for processes has been closed'));
					return;
				}
				const id = ++last;
				const deadline = setTimeout(
					() => drop(`which process it is was not found within ${patience / 1000} s`),
					patience,
				);
				deadline.unref();
				waiting.set(id, {resolve, reject, deadline});
				const order: Order = {id, ends};
				(thread ?? start()).postMessage(order);
			}),
		close() {
			closed = true;
			drop('the search for processes has been closed');
		},
	};
}
