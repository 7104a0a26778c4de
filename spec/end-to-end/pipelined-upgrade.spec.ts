import {startRawBackend} from '../helpers/backend.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {answering, ok, type Scripted, startScripted} from '../helpers/scripted.js';
import {until} from '../helpers/until.js';
import {wrap} from '../helpers/wrapped.js';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const upgrade =
	'GET /up HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
const connect = 'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n';
const switching =
	'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n';
const refusal = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno';

/** The backend's connection on which a request for this path has come. */
async function connectionFor(backend: Scripted, path: string) {
	const find = () => backend.connections.find(({received}) => received.includes(`GET ${path} `));
	await until(`the backend has ${path}`, () => find() !== undefined);
	return find();
}

for (const [what, answer, status] of [
	['agrees', switching, '101'],
	['refuses', refusal, '403'],
] as const) {
	test(`an upgrade behind an unanswered request is answered in its turn: the backend ${what}`, async t => {
		const backend = await startScripted(t);
		const wrapped = await wrap(t, backend.port);
		const client = await openTls(t, wrapped);
		client.write(get('/slow') + upgrade);
		const slow = await connectionFor(backend, '/slow');
		slow?.write(ok);
		(await connectionFor(backend, '/up'))?.write(answer);
		const received = await client.until(
			new RegExp(`HTTP/1\\.1 ${status} .*\\r\\n(.+\\r\\n)*\\r\\n`),
		);
		t.deepEqual(
			[...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(match => match[1]),
			['200', status],
		);
		t.regex(received, new RegExp(`\\r\\n\\r\\nokHTTP/1\\.1 ${status} `));
	});
}

test('what is sent right behind such an upgrade reaches the backend after its 101', async t => {
	const backend = await startScripted(t);
	const wrapped = await wrap(t, backend.port);
	const client = await openTls(t, wrapped);
	client.write(`${get('/slow')}${upgrade}early `);
	const slow = await connectionFor(backend, '/slow');
	client.write('bird');
	slow?.write(ok);
	const up = await connectionFor(backend, '/up');
	t.regex(up?.received ?? '', /\r\n\r\n$/);
	up?.write(`${switching}welcome`);
	t.regex((await up?.until('bird')) ?? '', /\r\n\r\nearly bird$/);
	t.regex(await client.until('welcome'), /101 [\s\S]*\r\n\r\nwelcome$/);
});

test('a CONNECT behind an unanswered request gets its 501 in its turn', async t => {
	const backend = await startScripted(t);
	const wrapped = await wrap(t, backend.port);
	const client = await openTls(t, wrapped);
	client.write(get('/slow') + connect);
	(await connectionFor(backend, '/slow'))?.write(ok);
	t.regex(await client.closed(), /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nokHTTP\/1\.1 501 /);
	t.is(backend.connections.length, 1);
});

test('an upgrade behind several unanswered requests waits for all of them', async t => {
	const backend = await startScripted(t);
	const wrapped = await wrap(t, backend.port);
	const client = await openTls(t, wrapped);
	client.write(get('/1') + get('/2') + upgrade);
	const first = await connectionFor(backend, '/1');
	t.notRegex(backend.received, /\/up/);
	first?.write(ok);
	(await connectionFor(backend, '/2'))?.write(ok);
	(await connectionFor(backend, '/up'))?.write(switching);
	const received = await client.until(/ 101 .*\r\n(.+\r\n)*\r\n/);
	t.deepEqual(
		[...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(match => match[1]),
		['200', '200', '101'],
	);
});

for (const [what, text] of [
	['an upgrade', upgrade],
	['a CONNECT', connect],
] as const) {
	test(`a client that leaves ${what} behind an unanswered request harms nobody else`, async t => {
		let slow: (() => void) | undefined;
		const backend = await startRawBackend(t, socket => {
			const answer = () => socket.writable && socket.write(ok);
			socket.on('data', head => {
				if (String(head).startsWith('GET /slow ')) {
					slow = answer;
				} else {
					answer();
				}
			});
		});
		const wrapped = await wrap(t, backend.port);
		const leaving = await openTls(t, wrapped);
		leaving.write(get('/slow') + text);
		await until('the backend has the first request', () => slow !== undefined);
		leaving.socket.destroy();
		await leaving.closed();
		slow?.();
		const other = await openTls(t, wrapped);
		other.write(get('/other'));
		t.regex(await other.until('\r\n\r\nok'), /^HTTP\/1\.1 200 /);
		t.is(wrapped.run.child.exitCode, null);
		t.is(wrapped.run.stderr, '');
	});
}

test('others are served while an upgrade waits for its turn', async t => {
	const backend = await startScripted(t, connection => {
		connection.socket.once('data', head => {
			if (!String(head).startsWith('GET /slow ')) {
				answering(ok)(connection);
				connection.write(ok);
			}
		});
	});
	const wrapped = await wrap(t, backend.port);
	const waiting = await openTls(t, wrapped);
	waiting.write(get('/slow') + upgrade);
	await connectionFor(backend, '/slow');
	const other = await openTls(t, wrapped);
	other.write(get('/other'));
	t.regex(await other.until('\r\n\r\nok'), /^HTTP\/1\.1 200 /);
	t.is(waiting.received, '');
});
