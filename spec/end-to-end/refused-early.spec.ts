import {startRawBackend} from '../helpers/backend.js';
import {test as onHttp1} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';
import {openClient, test} from '../helpers/versions.js';

const size = 3_000_000;
const post = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${size}\r\n\r\n`;

test('a backend that answers and takes no more of a request gets the next one on another connection', async t => {
	const backend = await startRawBackend(t, socket =>
		socket.once('data', () => {
			socket.pause();
			socket.write('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n');
		}),
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	for (const round of ['first', 'second']) {
		const client = await openClient(t, tunnel);
		client.write(post);
		client.write(Buffer.alloc(size, 'a'));
		t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 401 /, round);
	}
});

onHttp1('a client learns that the backend closes and wants no more of its upload', async t => {
	const backend = await startRawBackend(t, socket =>
		socket.once('data', () => {
			socket.end('HTTP/1.1 413 Enough\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
			socket.resume();
		}),
	);
	const client = await openTls(t, await startTunnel(t, backend.port));
	client.write(post);
	client.write('a');
	t.regex(await client.closed(), /^HTTP\/1\.1 413 [\s\S]*\r\nConnection: close\r\n\r\n$/);
});

onHttp1('what follows an upgrade that Sealport refuses is no request', async t => {
	const seen: string[] = [];
	const backend = await startRawBackend(t, socket =>
		socket.on('data', chunk => seen.push(String(chunk))),
	);
	const client = await openTls(t, await startTunnel(t, backend.port));
	client.write(
		'GET / HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nGET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n',
	);
	const received = await client.closed();
	t.regex(received, /^HTTP\/1\.1 421 /);
	t.is(received.split('HTTP/1.1 ').length, 2);
	t.deepEqual(seen, []);
});
