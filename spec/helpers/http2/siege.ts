import {createServer, type RequestListener} from 'node:http';
import {connect} from 'node:http2';
import type {AddressInfo} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {fetchHttp1, fetchHttp2} from '../fetch.js';
import {type Declare, onLane} from '../lanes.js';
import {descriptors, residentMemory} from '../process.js';
import {until} from '../until.js';
import {type Wrapped, wrap} from '../wrapped.js';
import type {Http2Peer} from './peer.js';

const mebibyte = 2 ** 20;

/**
 * Declares a test that looks into a process through `/proc`, which only Linux has: one after the other, for each
 * keeps the machine busy.
 */
export const siege: Declare = onLane('wire', (title, exec) =>
	process.platform === 'linux'
		? test.serial(title, exec)
		: test.serial.skip(`${title} (needs /proc)`, exec),
);

/** A Sealport in a process of its own, and its backend. */
export interface Fortress {
	readonly wrapped: Wrapped;
	/** Requests that have reached the backend, but for those of other clients. */
	readonly requests: number;
	/**
	 * Resolves when no more connections to the backend are open than those few that rest for others, for some
	 * seconds; by default none.
	 */
	left(most?: number): Promise<void>;
}

/** @param answer what the backend does for all requests but those for `/good` */
export async function openFortress(
	t: ExecutionContext,
	answer: RequestListener,
): Promise<Fortress> {
	let requests = 0;
	let connections = 0;
	const server = createServer((request, response) => {
		response.on('error', () => undefined);
		request.on('error', () => undefined);
		if (request.url === '/good') {
			response.end('ok');
			return;
		}
		requests++;
		answer(request, response);
	});
	server.on('connection', socket => {
		connections++;
		socket.once('close', () => {
			connections--;
		});
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	const wrapped = await wrap(t, (server.address() as AddressInfo).port);
	return {
		wrapped,
		get requests() {
			return requests;
		},
		left: (most = 0) => until('the backend is let go of', () => connections <= most),
	};
}

/**
 * Runs an attack, and asserts that other clients are served meanwhile, over new connections and over one that
 * was there before, and that the process does not grow.
 *
 * @param most by how much it may, in MiB
 */
export async function besiege(
	t: ExecutionContext,
	{wrapped}: Fortress,
	attack: () => Promise<void>,
	most = 64,
): Promise<void> {
	const session = connect(`https://localhost:${wrapped.port}`, {ca: wrapped.ca});
	session.on('error', () => undefined);
	t.teardown(() => session.destroy());
	const serve = async () => {
		t.is((await fetchHttp1(wrapped, '/good')).body, 'ok');
		t.is((await fetchHttp2(session, {':path': '/good'})).body, 'ok');
	};
	for (let time = 0; time < 20; time++) {
		await serve();
	}
	const before = residentMemory(wrapped.pid);
	const opened = descriptors(wrapped.pid);
	let peak = before;
	let isOver = false;
	let served = 0;
	const bystander = async () => {
		while (!isOver) {
			await serve();
			served++;
			peak = Math.max(peak, residentMemory(wrapped.pid));
			await pause(10);
		}
	};
	const others = bystander();
	try {
		await Promise.race([attack(), others]);
	} finally {
		isOver = true;
	}
	await others;
	await serve();
	peak = Math.max(peak, residentMemory(wrapped.pid));
	const [from, to] = [before, peak].map(bytes => Math.round(bytes / mebibyte));
	t.log(`resident MiB before and at the peak: ${from}, ${to}; others served ${served} times`);
	t.true(peak - before <= most * mebibyte, `grew from ${from} to ${to} MiB`);
	// The attacker's connection may still be there, with one to the backend, and those of the others.
	await until(
		'connections to the backend are let go of',
		() => descriptors(wrapped.pid) <= opened + 4,
	);
	t.is(wrapped.run.stderr, '');
}

/**
 * Sends a lot, as fast as it is taken, until all is sent or the connection is closed.
 *
 * @param piece the bytes that are sent next, several frames at best
 * @returns how many pieces were sent
 */
export async function flood(
	client: Http2Peer,
	count: number,
	piece: (index: number) => Buffer,
): Promise<number> {
	const {socket} = client;
	let sent = 0;
	while (sent < count && !socket.destroyed && socket.writable) {
		const more = socket.write(piece(sent++));
		if (!more) {
			await new Promise<void>(resolve => {
				const go = () => {
					socket.off('drain', go);
					socket.off('close', go);
					resolve();
				};
				socket.once('drain', go);
				socket.once('close', go);
			});
		}
	}
	return sent;
}

/** Repeats a frame until it fills a piece worth sending. */
export function repeated(frame: Buffer, octets = 16_384): Buffer {
	return Buffer.concat(Array.from({length: Math.ceil(octets / frame.length)}, () => frame));
}
