import {createHash, randomBytes, randomUUID} from 'node:crypto';
import type {ExecutionContext} from 'ava';
import {onLane} from '../helpers/lanes.js';
import {kills, type Mortal, startMortal} from '../helpers/mortal/backend.js';
import {onLinux} from '../helpers/process.js';
import {startTunnel} from '../helpers/tunnel.js';
import {fetchAs, onEachVersion} from '../helpers/versions.js';

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
