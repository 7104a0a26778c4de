import {once} from 'node:events';
import {openHttp2} from '../helpers/fetch.js';
import {test as onHttp1} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {asSent, openClient, test} from '../helpers/versions.js';

const hints =
	'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nLink: </b.js>; rel=preload\r\nX-Caf: \xe9\r\n\r\n';
const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

onHttp1(
	'HTTP/1.1: early hints reach the client as they are, before the response is there',
	async t => {
		const backend = await startScripted(t, hints);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openTls(t, tunnel);
		client.write(get);
		t.is(await client.until('\r\n\r\n'), hints);
		const connection = await backend.connection();
		connection.write(ok);
		t.regex(await client.until('\r\n\r\nok'), /\r\n\r\nHTTP\/1\.1 200 OK\r\n/);
	},
);

onHttp1('HTTP/2: early hints reach the client, before the response is there', async t => {
	const backend = await startScripted(t, hints);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const stream = (await openHttp2(t, tunnel)).request({':path': '/'});
	const [early] = await once(stream, 'headers');
	t.is(early[':status'], 103);
	t.is(early.link, '</a.css>; rel=preload, </b.js>; rel=preload');
	const connection = await backend.connection();
	connection.write(ok);
	const [response] = await once(stream, 'response');
	t.is(response[':status'], 200);
});

test('several informational responses of any kind reach the client in order', async t => {
	const several =
		'HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 199 \r\nX: 1\r\n\r\n';
	const backend = await startScripted(t, several + ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openClient(t, tunnel);
	client.write(get);
	const expected = asSent(t, `${several}HTTP/1.1 200 OK\r\n`);
	t.true((await client.until('\r\n\r\nok')).startsWith(expected));
});

onHttp1('a client of HTTP/1.0 gets none', async t => {
	const backend = await startScripted(t, hints + ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write('GET / HTTP/1.0\r\nHost: localhost\r\n\r\n');
	t.regex(await client.closed(), /^HTTP\/1\.1 200 OK\r\n/);
});

const expecting =
	'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n';

onHttp1('HTTP/1.1: it is the backend that says to continue', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(expecting);
	const connection = await backend.connection();
	t.regex(await connection.until('\r\n\r\n'), /\r\nExpect: 100-continue\r\n/);
	t.is(client.received, '');
	connection.write('HTTP/1.1 100 Continue\r\n\r\n');
	t.is(await client.until('\r\n\r\n'), 'HTTP/1.1 100 Continue\r\n\r\n');
	client.write('body');
	await connection.until('\r\n\r\nbody');
	connection.write(ok);
	await client.until('\r\n\r\nok');
});

onHttp1('HTTP/2: it is the backend that says to continue', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const stream = (await openHttp2(t, tunnel)).request(
		{':method': 'POST', ':path': '/', expect: '100-continue', 'content-length': '4'},
		{endStream: false},
	);
	const connection = await backend.connection();
	await connection.until('\r\n\r\n');
	connection.write('HTTP/1.1 100 Continue\r\n\r\n');
	await once(stream, 'continue');
	stream.end('body');
	await connection.until('\r\n\r\nbody');
	connection.write(ok);
	const [response] = await once(stream, 'response');
	t.is(response[':status'], 200);
});

for (const status of ['417 Expectation Failed', '413 Content Too Large']) {
	test(`a backend that answers ${status} instead is heard, and the body never sent`, async t => {
		const backend = await startScripted(t, `HTTP/1.1 ${status}\r\nContent-Length: 2\r\n\r\nno`);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openClient(t, tunnel);
		client.write(expecting);
		t.true((await client.until('\r\n\r\nno')).startsWith(`HTTP/1.1 ${status.slice(0, 3)} `));
		client.socket.end();
		const connection = await backend.connection();
		t.true((await connection.closed()).endsWith('\r\n\r\n'));
	});
}
