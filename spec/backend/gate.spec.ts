import {setMaxListeners} from 'node:events';
import {createServer, type Server, type Socket} from 'node:net';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import test, {type ExecutionContext} from 'ava';
import {parseBackend} from '../../lib/backend/address.js';
import {createDialer} from '../../lib/backend/dial.js';
import {ProxyError} from '../../lib/errors.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const live = new AbortController().signal;
setMaxListeners(0, live);
const always = () => true;

/** A server that takes each connection as it is told to. */
async function listen(t: ExecutionContext, path: string, take: (socket: Socket) => void) {
	const server: Server = createServer(socket => {
		socket.on('error', () => undefined);
		take(socket);
	});
	await new Promise<void>(resolve => server.listen(path, resolve));
	t.teardown(() => server.close());
	return server;
}

/** As the wire lane reads. */
function reading(received: string[] = []) {
	return {
		buffer: Buffer.alloc(1024),
		callback(length: number, bytes: Uint8Array) {
			received.push(Buffer.from(bytes.subarray(0, length)).toString());
			return true;
		},
	};
}

test('hundreds that wait get through in the order in which they came, with one probe at a time', async t => {
	const path = join(temporaryDirectory(t), 'backend.sock');
	const backend = parseBackend(`unix:${path}`);
	const dialer = createDialer({wait: 60_000, connect: 10_000});
	const order: number[] = [];
	const sockets = Array.from({length: 300}, async (_, index) => {
		const socket = await dialer.dial(backend, live, always, reading());
		order.push(index);
		t.teardown(() => socket.destroy());
	});
	await pause(250);
	// It is not up yet: it accepts, and closes. Everybody who dialled would be seen here.
	let refused = 0;
	const early = await listen(t, path, socket => {
		refused++;
		socket.destroy();
	});
	await pause(450);
	await new Promise(resolve => early.close(resolve));
	t.true(refused >= 1 && refused <= 6, String(refused));
	await listen(t, path, socket => t.teardown(() => socket.destroy()));
	await Promise.all(sockets);
	const late = order.filter((index, place) => Math.abs(index - place) > 16);
	t.deepEqual(late, []);
});

test('what a backend says at once after a wait is not lost', async t => {
	const path = join(temporaryDirectory(t), 'backend.sock');
	const received: string[] = [];
	const dialling = createDialer({wait: 60_000, connect: 10_000}).dial(
		parseBackend(`unix:${path}`),
		live,
		always,
		reading(received),
	);
	await pause(150);
	await listen(t, path, socket => {
		socket.write('hello');
		setTimeout(() => socket.end(' again'), 50);
	});
	const socket = await dialling;
	await new Promise(resolve => socket.once('end', resolve));
	socket.destroy();
	t.is(received.join(''), 'hello again');
});

test('a request that was lost waits on behind its first loss, and is told why when that is over', async t => {
	const path = join(temporaryDirectory(t), 'backend.sock');
	await listen(t, path, socket => t.teardown(() => socket.destroy()));
	const backend = parseBackend(`unix:${path}`);
	const dialer = createDialer({wait: 5000, connect: 10_000});
	const error = new ProxyError('backend-reset', 'upstream', 'lost');
	const now = performance.now();
	const lost = {since: now - 4999, times: 1, error};
	await t.throwsAsync(dialer.dial(backend, live, always, reading(), lost), {is: error});
	const socket = await dialer.dial(backend, live, always, reading(), {...lost, since: now});
	socket.destroy();
});

test('who leaves while it waits is forgotten, and the wait of others is their own', async t => {
	const path = join(temporaryDirectory(t), 'backend.sock');
	const backend = parseBackend(`unix:${path}`);
	const limits = {wait: 300, connect: 10_000};
	const dialer = createDialer(limits);
	const short = dialer.dial(backend, live, always, reading());
	limits.wait = 60_000;
	let isWanted = true;
	const left = dialer.dial(backend, live, () => isWanted, reading());
	const long = dialer.dial(backend, live, always, reading());
	isWanted = false;
	await t.throwsAsync(left, {message: 'the client has left'});
	await t.throwsAsync(short, {message: /does not exist/});
	await listen(t, path, socket => t.teardown(() => socket.destroy()));
	(await long).destroy();
});
