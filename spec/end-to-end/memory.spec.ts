import {once} from 'node:events';
import {createServer, type IncomingMessage} from 'node:http';
import {connect as connectHttp2} from 'node:http2';
import {request as httpsRequest} from 'node:https';
import type {AddressInfo} from 'node:net';
import type {Readable, Writable} from 'node:stream';
import type {ExecutionContext} from 'ava';
import {readSlowly, writeBulk} from '../helpers/bulk.js';
import {laneOf, onEachLane} from '../helpers/lanes.js';
import {onLinux, residentMemory} from '../helpers/process.js';
import {type Wrapped, wrap} from '../helpers/wrapped.js';

const test = onEachLane(onLinux);

const mebibyte = 2 ** 20;
// A quarter of what is promised, so that it is over soon; SEALPORT_SPEC_FULL asks for the whole.
const size = (process.env.SEALPORT_SPEC_FULL === undefined ? 256 : 1024) * mebibyte;

/** Long enough for a proxy that does not hold back to take in hundreds of megabytes. */
const rests = [1000, 150, 150, 150, 150, 150, 150, 150];

/** One request of the client's: its body goes out, what comes back is read. */
type Exchange = (
	method: string,
) => Promise<{readonly outgoing: Writable; readonly incoming: Promise<Readable>}>;

/** Each is one connection, over which a first small exchange has already taken place. */
const clients: Readonly<Record<string, (t: ExecutionContext, to: Wrapped) => Exchange>> = {
	'HTTP/1.1':
		(_t, {port, ca}) =>
		async method => {
			const outgoing = httpsRequest({
				host: 'localhost',
				port,
				ca,
				method,
				agent: false,
				headers: method === 'POST' ? {'content-length': size} : {},
			});
			const incoming = once(outgoing, 'response').then(([response]: IncomingMessage[]) => {
				return response ?? Promise.reject(new Error('no response'));
			});
			return {outgoing, incoming};
		},
	'HTTP/2': (t, {port, ca}) => {
		// A browser's window: what the client has allowed to be sent is not the proxy's to hold.
		const session = connectHttp2(`https://localhost:${port}`, {
			ca,
			settings: {initialWindowSize: 6 * mebibyte},
		});
		session.once('connect', () => session.setLocalWindowSize(15 * mebibyte));
		t.teardown(() => session.destroy());
		return async method => {
			const stream = session.request({':method': method}, {endStream: method === 'GET'});
			return {outgoing: stream, incoming: once(stream, 'response').then(() => stream)};
		};
	},
};

/** A backend that sends bulk for GET, and for POST reads it slowly and then says `whole`. */
async function startBulkBackend(t: ExecutionContext): Promise<number> {
	const server = createServer(async (request, response) => {
		if (request.method === 'HEAD') {
			response.end();
		} else if (request.method === 'GET') {
			response.setHeader('content-length', size);
			await writeBulk(response, size);
			response.end();
		} else {
			await readSlowly(request, size, rests);
			response.end('whole');
		}
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => {
		server.closeAllConnections();
		server.close();
	});
	return (server.address() as AddressInfo).port;
}

/** Keeps looking at a process's memory. */
function watchMemory(pid: number): {
	readonly before: number;
	stop(): {peak: number; after: number};
} {
	const before = residentMemory(pid);
	let peak = before;
	const timer = setInterval(() => {
		peak = Math.max(peak, residentMemory(pid));
	}, 25);
	return {
		before,
		stop() {
			clearInterval(timer);
			const after = residentMemory(pid);
			return {peak: Math.max(peak, after), after};
		},
	};
}

/** One at a time: two cores would only make each of them slower. */
let last: Promise<void> = Promise.resolve();

for (const [version, open] of Object.entries(clients)) {
	for (const way of ['download', 'upload'] as const) {
		const slow = way === 'download' ? 'client' : 'backend';
		test(`${size / mebibyte} MiB of ${way} over ${version} with a slow ${slow} keeps memory in bounds`, t => {
			const turn = last.then(() => {
				t.timeout(170_000);
				return run(t, open, way);
			});
			last = turn.catch(() => undefined);
			return turn;
		});
	}
}

async function run(
	t: ExecutionContext,
	open: (t: ExecutionContext, to: Wrapped) => Exchange,
	way: 'download' | 'upload',
): Promise<void> {
	const wrapped = await wrap(t, await startBulkBackend(t));
	const exchange = open(t, wrapped);
	const first = await exchange('HEAD');
	first.outgoing.end();
	(await first.incoming).resume();
	const memory = watchMemory(wrapped.pid);
	t.teardown(() => memory.stop());
	const began = performance.now();
	const {outgoing, incoming} = await exchange(way === 'download' ? 'GET' : 'POST');
	if (way === 'download') {
		outgoing.end();
		await readSlowly(await incoming, size, rests);
	} else {
		await writeBulk(outgoing, size);
		outgoing.end();
		const [said]: Buffer[] = await once(await incoming, 'data');
		t.is(String(said), 'whole');
	}
	const {peak, after} = memory.stop();
	const figures = [memory.before, peak, after].map(bytes => (bytes / mebibyte).toFixed(0));
	const seconds = ((performance.now() - began) / 1000).toFixed(1);
	t.log(`resident MiB before, at the peak, after: ${figures.join(', ')}; ${seconds} s`);
	// From Node 24 on, V8 lets dead buffers of 64 MiB pile up in the message lane.
	const bound = laneOf(t) === 'message' ? 128 : 64;
	t.true(peak - memory.before <= bound * mebibyte);
}
