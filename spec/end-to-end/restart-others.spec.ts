import {createHash, randomBytes, randomUUID} from 'node:crypto';
import {once} from 'node:events';
import type {ExecutionContext} from 'ava';
import {WebSocket} from 'ws';
import {onLane} from '../helpers/lanes.js';
import {kills, type Mortal, startMortal} from '../helpers/mortal/backend.js';
import {onLinux} from '../helpers/process.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {fetchAs, onEachVersion, webSocketAs} from '../helpers/versions.js';

const test = (title: string, exec: (t: ExecutionContext) => unknown) =>
	onEachVersion(onLinux, declare => onLane('wire', declare))(title, exec);

/** Lets clients ask again and again, each as soon as it is answered, while the backend is killed. */
async function rideWith(
	backend: Mortal,
	clients: number,
	ask: () => Promise<unknown>,
): Promise<void> {
	let isOver = false;
	const client = async () => {
		while (!isOver) {
			await ask();
		}
	};
	const asking = Promise.all(Array.from({length: clients}, client));
	await backend.ride().finally(() => {
		isOver = true;
	});
	await asking;
}

test(`a POST is never delivered twice, and no answer is lost, in ${kills} restarts`, async t => {
	t.timeout(400_000);
	const backend = await startMortal(t, 'http');
	const tunnel = await startTunnel(t, backend.route, {wait: 30});
	const answered: string[] = [];
	let failures = 0;
	await rideWith(backend, 8, async () => {
		const body = randomUUID();
		const answer = await fetchAs(t, tunnel, '/', {method: 'POST', body}).catch(() => undefined);
		if (answer?.status === 200 && answer.body === body) {
			answered.push(`POST / ${body}`);
		} else {
			failures++;
		}
	});
	const seen = backend.seen();
	t.is(new Set(seen).size, seen.length);
	t.deepEqual(
		answered.filter(line => !seen.includes(line)),
		[],
	);
	t.log(`${answered.length} answered; ${failures} were under way at a kill`);
	t.true(failures <= kills * 8);
});

test(`a PUT that is small enough to be kept never fails in ${kills} restarts`, async t => {
	t.timeout(400_000);
	const backend = await startMortal(t, 'http');
	const tunnel = await startTunnel(t, backend.route, {wait: 30});
	await rideWith(backend, 4, async () => {
		const body = randomBytes(30_000);
		const answer = await fetchAs(t, tunnel, '/', {method: 'PUT', body});
		t.is(answer.status, 200);
		t.is(answer.body, createHash('sha256').update(body).digest('hex'));
	});
});

// Over HTTP/2 a held upgrade is in `waiting.spec.ts`.
onLane('wire', onLinux)(
	`WebSockets and event streams come back at once, ${kills} times`,
	async t => {
		t.timeout(400_000);
		const backend = await startMortal(t, 'http');
		const tunnel = await startTunnel(t, backend.route, {wait: 30});
		const processes = {sockets: new Set<string>(), events: new Set<string>()};
		let isOver = false;
		const useSockets = async () => {
			while (!isOver) {
				const socket = new WebSocket(`wss://localhost:${tunnel.port}/`, webSocketAs(t, tunnel));
				t.teardown(() => socket.terminate());
				const closed = new Promise(resolve => socket.on('close', resolve));
				// Once it is open, its backend's death may be an error.
				const [pid] = await once(socket, 'message').catch((error: Error) => {
					t.true(isOver, String(error));
					return [''];
				});
				socket.on('error', () => undefined);
				processes.sockets.add(String(pid));
				if (!isOver) {
					await closed;
				}
			}
		};
		const useEvents = async () => {
			while (!isOver) {
				// Its end is a cut, which is what becomes of an event stream whose backend has died.
				const answer = await fetchAs(t, tunnel, '/events').catch(() => undefined);
				if (!isOver) {
					t.is(answer, undefined);
				}
				processes.events.add(String(processes.events.size));
			}
		};
		const using = Promise.all([useSockets(), useSockets(), useEvents(), useEvents()]);
		let known = 0;
		await backend.ride(async () => {
			await until('a socket is back', () => processes.sockets.size > known);
			known = processes.sockets.size;
		});
		isOver = true;
		await tunnel.close(0);
		await using;
		t.true(processes.sockets.size >= kills);
		t.true(processes.events.size >= kills);
	},
);
