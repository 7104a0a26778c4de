import {writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {parseBackend} from '../../lib/backend/address.js';
import {createDialer} from '../../lib/backend/dial.js';
import {ProxyError} from '../../lib/errors.js';
import type {Backend} from '../../lib/forward/seams.js';
import {startRawBackend} from '../helpers/backend.js';
import {deadPort} from '../helpers/free-port.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const live = new AbortController().signal;

async function failure(t: ExecutionContext, backend: Backend): Promise<ProxyError> {
	const error = await t.throwsAsync(createDialer({wait: 0, connect: 10_000}).dial(backend, live), {
		instanceOf: ProxyError,
	});
	return error ?? t.fail();
}

test('a port that refuses', async t => {
	const backend = `127.0.0.1:${await deadPort(t)}`;
	const {code, source, message, hint} = await failure(t, parseBackend(backend));
	t.is(code, 'backend-refused');
	t.is(source, 'upstream');
	t.is(message, `backend http://${backend} refused the connection`);
	t.truthy(hint);
});

test('localhost that refuses on both families', async t => {
	const port = await deadPort(t);
	const {message} = await failure(t, parseBackend(port));
	t.is(message, `backend http://localhost:${port} refused the connection`);
});

test('a host that does not resolve', async t => {
	// A label may have 63 characters: the resolver knows without asking a name server.
	const name = `${'a'.repeat(64)}.invalid`;
	const {code, message} = await failure(t, parseBackend(`${name}:80`));
	t.is(code, 'backend-refused');
	t.is(message, `backend http://${name}:80 has a host name that does not resolve`);
});

test('a socket that does not exist', async t => {
	const path = join(temporaryDirectory(t), 'none.sock');
	t.is(
		(await failure(t, parseBackend(`unix:${path}`))).message,
		`backend unix:${path} does not exist`,
	);
});

test('a socket that is a file', async t => {
	const path = join(temporaryDirectory(t), 'file');
	await writeFile(path, '');
	const {message} = await failure(t, parseBackend(`unix:${path}`));
	// Linux says ECONNREFUSED of a file, other systems ENOTSOCK.
	t.regex(message, /is a file and not a socket$|refused the connection$/);
});

test('a backend that comes up within the wait is reached', async t => {
	const path = join(temporaryDirectory(t), 'late.sock');
	const dialling = createDialer({wait: 30_000, connect: 1000}).dial(
		parseBackend(`unix:${path}`),
		live,
	);
	const server = createServer();
	t.teardown(() => server.close());
	setTimeout(() => server.listen(path), 150);
	const socket = await dialling;
	t.teardown(() => socket.destroy());
	t.false(socket.destroyed);
});

test('a wait ends when it is called off', async t => {
	const calledOff = new AbortController();
	const dialling = createDialer({wait: 3_600_000, connect: 1000}).dial(
		parseBackend(await deadPort(t)),
		calledOff.signal,
	);
	setTimeout(() => calledOff.abort(), 50);
	await t.throwsAsync(dialling, {instanceOf: ProxyError});
});

test('an address that does not answer in time', async t => {
	const {port} = await startRawBackend(t, () => undefined);
	const dialling = createDialer({wait: 0, connect: 1}).dial(
		parseBackend(`127.0.0.1:${port}`),
		live,
	);
	// Nothing can arrive meanwhile, and timers come before what has arrived.
	const until = performance.now() + 20;
	while (performance.now() < until);
	const error = await t.throwsAsync(dialling, {instanceOf: ProxyError});
	t.is((error as ProxyError).code, 'backend-timeout');
	t.is(error?.message, `backend http://127.0.0.1:${port} does not answer`);
});
