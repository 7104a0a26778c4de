import type {ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {descriptors, isRunning} from '../helpers/process.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {until} from '../helpers/until.js';
import {onEachVersion, openClient} from '../helpers/versions.js';
import {type Wrapped, wrap} from '../helpers/wrapped.js';

const test = onEachVersion(needs('prlimit'));

/** How many more descriptors a process may open than it has. */
const room = 30;

async function startScarce(t: ExecutionContext) {
	let held: Array<() => void> | undefined = [];
	const {port} = await startBackend(t, (request, response) => {
		if (request.url === '/held' && held !== undefined) {
			held.push(() => response.end('ok'));
		} else {
			response.end('ok');
		}
	});
	const wrapped = await wrap(t, port, '--wait', '0');
	const before = descriptors(wrapped.pid);
	// What is loaded for the first request is not to be looked for when nothing can be opened.
	t.is((await fetchHttp1(wrapped, '/')).body, 'ok');
	const most = before + room;
	await run('prlimit', ['--pid', String(wrapped.pid), `--nofile=${most}:${most}`]);
	return {
		wrapped,
		/** Every descriptor but those that libuv keeps for such a case. */
		exhausted: () => descriptors(wrapped.pid) >= most - 1,
		release() {
			for (const end of held ?? []) {
				end();
			}
			held = undefined;
		},
		async recovered() {
			await until('everything is given back', () => descriptors(wrapped.pid) <= before + 2);
			for (let request = 0; request < 20; request++) {
				t.is((await fetchHttp1(wrapped, '/')).body, 'ok');
			}
			t.true(isRunning(wrapped.pid));
			t.is(wrapped.run.child.exitCode, null);
			t.notRegex(wrapped.run.stderr, /\bat .*:\d+:\d+/);
		},
	};
}

/** Opens connections, of which some may be closed right away; gives those that are left. */
async function crowd(t: ExecutionContext, to: Wrapped, count: number) {
	const opened = await Promise.all(
		Array.from({length: count}, () => openClient(t, to).catch(() => undefined)),
	);
	return opened.filter(client => client !== undefined);
}

test('without descriptors for more clients, those who are there are served, and later all are', async t => {
	const {wrapped, exhausted, recovered} = await startScarce(t);
	const clients = await crowd(t, wrapped, 2 * room);
	await until('it has run out', exhausted);
	t.true(clients.length < 2 * room);
	for (const client of clients) {
		client.socket.destroy();
	}
	await recovered();
});

test('without descriptors for the backend, a request fails and no more, and later none does', async t => {
	const {wrapped, exhausted, release, recovered} = await startScarce(t);
	const clients = await crowd(t, wrapped, Math.floor(room * 0.7));
	for (const client of clients) {
		client.write('GET /held HTTP/1.1\r\nHost: localhost\r\n\r\n');
	}
	await until('it has run out', exhausted);
	await until('some have failed', () =>
		clients.some(({received}) => /^HTTP\/1\.1 50[0-9] /.test(received)),
	);
	release();
	await until('all are answered', () =>
		clients.every(({received, socket}) => received.includes('\r\n\r\n') || socket.destroyed),
	);
	t.true(clients.some(({received}) => received.startsWith('HTTP/1.1 200 ')));
	for (const client of clients) {
		client.socket.destroy();
	}
	await recovered();
});
