import {once} from 'node:events';
import type {ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {descriptors, onLinux, residentMemory} from '../helpers/process.js';
import type {RawClient} from '../helpers/raw-client.js';
import {until} from '../helpers/until.js';
import {type Connection, onEachVersion, openClient} from '../helpers/versions.js';
import {type Wrapped, wrap} from '../helpers/wrapped.js';

// A tenth of what is promised, so that it is over soon; SEALPORT_SPEC_FULL asks for the whole.
const scale = process.env.SEALPORT_SPEC_FULL === undefined ? 0.1 : 1;
const idle = 10_000 * scale;
const requests = 100_000 * scale;
const mebibyte = 2 ** 20;

const get = 'GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** In nothing else that comes back. */
const body = '~'.repeat(36);

/** Opens connections, a few at a time, each of which has had one request. */
async function openIdle(
	t: ExecutionContext,
	to: Wrapped,
	count: number,
): Promise<Array<RawClient<Connection>>> {
	const clients: Array<RawClient<Connection>> = [];
	let left = count;
	const open = async () => {
		while (left-- > 0) {
			const client = await openClient(t, to);
			clients.push(client);
			client.write(get);
			await client.until(body);
		}
	};
	await Promise.all(Array.from({length: 10}, open));
	return clients;
}

/** Sends requests over a few connections, five at a time on each. */
async function sendMany(t: ExecutionContext, to: Wrapped, count: number): Promise<void> {
	let left = count;
	const send = async () => {
		const {socket} = await openClient(t, to);
		socket.removeAllListeners('data');
		while (left > 0) {
			left -= 5;
			socket.write(get.repeat(5));
			for (let missing = 5 * body.length; missing > 0; ) {
				const [chunk] = (await once(socket, 'data')) as [Buffer];
				missing -= chunk.toString('latin1').split('~').length - 1;
			}
		}
		socket.destroy();
	};
	await Promise.all(Array.from({length: 20}, send));
}

onEachVersion(onLinux)(
	`${idle} idle connections and ${requests} requests later the memory is back within a fifth`,
	async t => {
		t.timeout(400_000);
		const {port} = await startBackend(t, (_request, response) => response.end(body));
		const wrapped = await wrap(t, port, '--quiet');
		const fresh = descriptors(wrapped.pid);
		const exercise = async (connections: number, count: number) => {
			const clients = await openIdle(t, wrapped, connections);
			await sendMany(t, wrapped, count);
			const peak = residentMemory(wrapped.pid);
			for (const {socket} of clients) {
				socket.destroy();
			}
			await until('all have gone', () => descriptors(wrapped.pid) <= fresh + 50);
			return peak;
		};
		// What it takes for the first time, the C library keeps at hand for the next.
		await exercise(idle, requests);
		const before = residentMemory(wrapped.pid);
		const peak = await exercise(idle, requests);
		let after = peak;
		await until(
			'the memory is back',
			async () => {
				await fetchHttp1(wrapped, '/');
				after = residentMemory(wrapped.pid);
				return after <= before * 1.2;
			},
			60_000,
		).catch(() => undefined);
		const figures = [before, peak, after].map(bytes => (bytes / mebibyte).toFixed(0));
		t.log(`resident MiB before, at the peak, after: ${figures.join(', ')}`);
		t.true(after <= before * 1.2);
	},
);
