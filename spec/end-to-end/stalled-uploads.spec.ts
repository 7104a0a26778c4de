import {setTimeout as pause} from 'node:timers/promises';
import ava from 'ava';
import {startRawBackend} from '../helpers/backend.js';
import {freePort} from '../helpers/free-port.js';
import {test as onHttp1} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {until} from '../helpers/until.js';
import {onHttp2, openClient, test} from '../helpers/versions.js';

/** More than fits on the way. */
const size = 32 * 2 ** 20;
const put = `PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`;

test('a large upload to a backend that is down is answered', async t => {
	const tunnel = await startTunnel(t, `127.0.0.1:${await freePort()}`, {wait: 1});
	const client = await openClient(t, tunnel);
	client.write(put);
	client.write(Buffer.alloc(size, 'a'));
	t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 502 /);
});

onHttp1(
	'a client that leaves while its backend reads nothing of its upload is let go of in time',
	async t => {
		const backend = await startRawBackend(t, socket => socket.pause());
		const tunnel = await startTunnel(t, backend.port, {limits: {idle: 1000}});
		const client = await openTls(t, tunnel);
		client.write(put);
		client.write(Buffer.alloc(size, 'a'));
		let left = -1;
		await until('the upload stands still', async () => {
			const before = left;
			left = client.socket.writableLength;
			await pause(300);
			return backend.open.size === 1 && left === before;
		});
		const reported = new Promise(resolve => tunnel.once('exchange', resolve));
		client.socket.destroy();
		t.like(await reported, {status: 504, failure: {code: 'backend-timeout'}});
		for (const socket of backend.open) {
			socket.resume();
		}
		await until('the backend is let go of', () => backend.open.size === 0);
	},
);

// Over HTTP/2 a client that leaves is seen to leave, however much of its upload waits.
onHttp2(ava)('a client whose upload its backend does not read is told in time', async t => {
	const backend = await startRawBackend(t, socket => socket.pause());
	const tunnel = await startTunnel(t, backend.port, {limits: {idle: 1000}});
	const reported = new Promise(resolve => tunnel.once('exchange', resolve));
	const client = await openClient(t, tunnel);
	client.write(put);
	client.write(Buffer.alloc(size, 'a'));
	t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 504 /);
	t.like(await reported, {status: 504, failure: {code: 'backend-timeout'}});
	for (const socket of backend.open) {
		socket.resume();
	}
	await until('the backend is let go of', () => backend.open.size === 0);
});

onHttp1('an empty line behind a request is not the beginning of another', async t => {
	const backend = await startRawBackend(t, socket =>
		socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')),
	);
	const tunnel = await startTunnel(t, backend.port, {limits: {head: 1000, idle: 3000}});
	const client = await openTls(t, tunnel);
	client.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi\r\n');
	const received = await client.closed();
	t.regex(received, /^HTTP\/1\.1 200 OK\r\n/);
	t.notRegex(received, /408/);
});
