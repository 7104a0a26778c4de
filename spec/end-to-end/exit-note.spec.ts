import {once} from 'node:events';
import type {ExecutionContext} from 'ava';
import {WebSocket, WebSocketServer} from 'ws';
import {startBackend} from '../helpers/backend.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {type Wrapped, wrap} from '../helpers/wrapped.js';

const note = /^waiting up to 10 seconds .*Ctrl\+C again/m;

/** A backend with a WebSocket, and with events of which there are always more to come. */
async function start(t: ExecutionContext, ...flags: string[]): Promise<Wrapped> {
	const {port, server} = await startBackend(t, (request, response) => {
		if (request.url === '/events') {
			response.writeHead(200, {'content-type': 'text/event-stream'});
			response.write('data: 1\n\n');
		} else {
			response.end('hello');
		}
	});
	const sockets = new WebSocketServer({server});
	t.teardown(() => sockets.close());
	return wrap(t, port, ...flags);
}

async function openWebSocket(t: ExecutionContext, {port, ca}: Wrapped): Promise<unknown> {
	const client = new WebSocket(`wss://localhost:${port}`, {ca});
	client.on('error', () => undefined);
	t.teardown(() => client.terminate());
	return once(client, 'open');
}

async function get(t: ExecutionContext, wrapped: Wrapped, path: string, answer: string) {
	const client = await openTls(t, wrapped);
	client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
	await client.until(answer);
	return client;
}

for (const [what, open] of [
	['a WebSocket', openWebSocket],
	['an event stream', (t: ExecutionContext, to: Wrapped) => get(t, to, '/events', 'data: 1')],
] as const) {
	test(`an exit that waits for ${what} says so, and how to end at once`, async t => {
		const wrapped = await start(t);
		await open(t, wrapped);
		wrapped.run.child.kill('SIGINT');
		await wrapped.run.says(note);
		wrapped.run.child.kill('SIGINT');
		t.is(await wrapped.run.ended, 130);
		t.is(wrapped.run.stderr.match(/waiting/g)?.length, 1);
	});
}

test('an exit that waits for nothing does not say so', async t => {
	const wrapped = await start(t);
	await get(t, wrapped, '/', 'hello');
	wrapped.run.child.kill('SIGINT');
	t.is(await wrapped.run.ended, 130);
	t.notRegex(wrapped.run.stderr, /waiting/);
});

test('with --quiet it waits without a word', async t => {
	const wrapped = await start(t, '--quiet');
	const client = await get(t, wrapped, '/events', 'data: 1');
	wrapped.run.child.kill('SIGINT');
	// Cut when the grace period is over: by then it would have been said.
	await client.closed();
	t.is(await wrapped.run.ended, 130);
	t.is(wrapped.run.stderr, '');
});
