import {once} from 'node:events';
import {connect as connectTcp} from 'node:net';
import {connect} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {servedNames} from '../../lib/access/names.js';
import {parseBackend} from '../../lib/backend/address.js';
import {createDialer} from '../../lib/backend/dial.js';
import {createConnections} from '../../lib/backend/reuse.js';
import {createMessageLane} from '../../lib/forward/message/lane.js';
import {openListener} from '../../lib/listener/listener.js';
import {openCertificates} from '../../lib/pki/certificates.js';
import {routeAll} from '../../lib/routing/table.js';
import {startBackend} from '../helpers/backend.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

interface Limits {
	readonly handshake: number;
	readonly head: number;
	readonly idle: number;
}

const patient: Limits = {handshake: 60_000, head: 60_000, idle: 60_000};

/** What `serve` puts together, with limits that a spec can wait for. */
async function startLimited(
	t: ExecutionContext,
	limits: Limits,
): Promise<{port: number; ca: string}> {
	const {port: backend} = await startBackend(t, (_request, response) => response.end('ok'));
	const snapshot = {router: routeAll(parseBackend(`127.0.0.1:${backend}`)), policies: []};
	const connections = createConnections(createDialer({wait: 0, connect: 10_000}));
	const lane = createMessageLane(
		{snapshot: () => snapshot, connections, report: () => undefined},
		{...limits, headSize: 65_536, fields: 200},
	);
	const certificates = await openCertificates(
		{kind: 'authority', directory: temporaryDirectory(t)},
		['localhost'],
		() => true,
	);
	const listener = await openListener({
		host: '127.0.0.1',
		port: 0,
		contexts: certificates,
		names: servedNames([]),
		limits: {...limits, connections: 100},
		onSecure: lane.accept,
		onHandshake: () => undefined,
		onDistrust: () => undefined,
	});
	t.teardown(() => {
		listener.stop();
		listener.close();
		lane.close();
		connections.close();
	});
	return {port: listener.port, ca: certificates.ca ?? ''};
}

/** What a client gets until the connection is closed, after it has sent `text` over TLS. */
async function untilClosed(
	t: ExecutionContext,
	limits: Limits,
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

test('a head that takes too long gets 408', async t => {
	const received = await untilClosed(t, {...patient, head: 150}, 'GET / HTTP/1.1\r\nHost: local');
	t.regex(received, /^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*sealport-error: head-timeout\r\n/);
});

test('a connection that is idle after a request is closed', async t => {
	const received = await untilClosed(
		t,
		{...patient, idle: 150},
		'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
	);
	t.regex(received, /^HTTP\/1\.1 200 OK\r\n/);
});

test('an HTTP/2 connection that is idle is closed', async t => {
	const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';
	t.not(await untilClosed(t, {...patient, idle: 150}, preface, 'h2'), '');
});

for (const [what, bytes] of [
	['that sends nothing', ''],
	['that sends the first byte of a handshake', '\x16'],
	['that sends half a record', '\x16\x03\x01\x02\x00\x01'],
] as const) {
	test(`a connection ${what} is closed`, async t => {
		const {port} = await startLimited(t, {...patient, handshake: 150});
		const socket = connectTcp(port, '127.0.0.1');
		t.teardown(() => socket.destroy());
		socket.resume().write(bytes, 'latin1');
		await once(socket, 'close');
		t.pass();
	});
}
