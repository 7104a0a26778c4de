import {once} from 'node:events';
import {connect as connectTcp} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import {connect} from 'node:tls';
import type {ExecutionContext} from 'ava';
import type {Tunnel} from '../../lib/index.js';
import {startBackend} from '../helpers/backend.js';
import {test as onHttp1} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {openClient, test} from '../helpers/versions.js';
import {agreeTo, askFor} from '../helpers/websocket-upgrade.js';

const patient = {handshake: 60_000, head: 60_000, idle: 60_000};

async function startLimited(t: ExecutionContext, limits: typeof patient): Promise<Tunnel> {
	const {port} = await startBackend(t, (_request, response) => response.end('ok'));
	return startTunnel(t, port, {limits});
}

/** What a client gets until the connection is closed, after it has sent `text` over TLS. */
async function untilClosed(
	t: ExecutionContext,
	limits: typeof patient,
	text: string,
	alpn = 'http/1.1',
): Promise<string> {
	const {port, ca} = await startLimited(t, limits);
	const socket = connect({
		host: '127.0.0.1',
		port,
		servername: 'localhost',
		ca,
		ALPNProtocols: [alpn],
	});
	t.teardown(() => socket.destroy());
	let received = '';
	socket.setEncoding('latin1').on('data', chunk => {
		received += chunk;
	});
	socket.write(text);
	await once(socket, 'close');
	return received;
}

onHttp1('a head that takes too long gets 408', async t => {
	const received = await untilClosed(t, {...patient, head: 150}, 'GET / HTTP/1.1\r\nHost: local');
	t.regex(received, /^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*sealport-error: head-timeout\r\n/);
});

onHttp1('a head that comes octet by octet gets 408 all the same', async t => {
	const client = await openTls(t, await startLimited(t, {...patient, head: 300}));
	client.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
	const timer = setInterval(() => client.write('x'), 20);
	t.teardown(() => clearInterval(timer));
	t.regex(await client.closed(), /^HTTP\/1\.1 408 /);
});

onHttp1('a head that takes too long gets 408 behind another request, too', async t => {
	const client = await openTls(t, await startLimited(t, {...patient, head: 150}));
	client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
	await client.until('ok');
	client.write('GET / HTTP/1.1\r\nHost: local');
	t.regex(await client.closed(), /okHTTP\/1\.1 408 /);
});

const upload = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n';

test('an upload that stands still is cut, and its backend let go of', async t => {
	const backend = await startScripted(t);
	const limits = {...patient, head: 500, idle: 500};
	const client = await openClient(t, await startTunnel(t, backend.port, {limits}));
	client.write(`${upload}half`);
	const connection = await backend.connection();
	await connection.until('half');
	t.regex(await client.closed(), /^(HTTP\/1\.1 408 |$)/);
	t.regex(await connection.closed(), /half$/);
});

test('an upload that is slow, but goes on, is served', async t => {
	const backend = await startScripted(t, connection =>
		connection.until(/x{20}$/).then(() => connection.write(ok)),
	);
	const limits = {...patient, head: 1500, idle: 1500};
	const client = await openClient(t, await startTunnel(t, backend.port, {limits}));
	client.write(upload);
	for (let octet = 0; octet < 20; octet++) {
		await pause(150);
		client.write('x');
	}
	t.regex(await client.until('\r\n\r\nok'), /^HTTP\/1\.1 200 /);
});

for (const [what, script] of [
	['before its head', ['', ok]],
	['in its midst', ['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n', 'late']],
] as const) {
	test(`a response whose backend takes its time ${what} is waited for`, async t => {
		const backend = await startScripted(t, async connection => {
			await connection.until('\r\n\r\n');
			connection.write(script[0]);
			await pause(1500);
			connection.write(script[1]);
		});
		const limits = {...patient, head: 500, idle: 500};
		const client = await openClient(t, await startTunnel(t, backend.port, {limits}));
		client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
		t.regex(await client.until(/ok$|late$/), /^HTTP\/1\.1 200 /);
	});
}

test('a tunnel is not idle, however long nothing passes', async t => {
	const backend = await startScripted(t, async ({until, write}) =>
		write(agreeTo(await until('\r\n\r\n'))),
	);
	const limits = {...patient, head: 500, idle: 500};
	const client = await openClient(t, await startTunnel(t, backend.port, {limits}));
	client.write(askFor('/'));
	await client.until('\r\n\r\n');
	await pause(1500);
	client.write('still here');
	await (await backend.connection()).until('still here');
	t.false(client.socket.destroyed);
});

onHttp1('a connection that is idle after a request is closed', async t => {
	const received = await untilClosed(
		t,
		{...patient, idle: 150},
		'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
	);
	t.regex(received, /^HTTP\/1\.1 200 OK\r\n/);
});

onHttp1('an HTTP/2 head that takes too long ends its connection', async t => {
	const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';
	// HEADERS that announce five octets more than come.
	const half = '\0\0\x06\x01\x05\0\0\0\x01\x82';
	t.not(await untilClosed(t, {...patient, head: 150}, preface + half, 'h2'), '');
});

onHttp1('an HTTP/2 connection that is idle is closed', async t => {
	const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';
	t.not(await untilClosed(t, {...patient, idle: 150}, preface, 'h2'), '');
});

for (const [what, bytes] of [
	['that sends nothing', ''],
	['that sends the first byte of a handshake', '\x16'],
	['that sends half a record', '\x16\x03\x01\x02\x00\x01'],
] as const) {
	onHttp1(`a connection ${what} is closed`, async t => {
		const {port} = await startLimited(t, {...patient, handshake: 150});
		const socket = connectTcp(port, '127.0.0.1');
		t.teardown(() => socket.destroy());
		socket.resume().write(bytes, 'latin1');
		await once(socket, 'close');
		t.pass();
	});
}
