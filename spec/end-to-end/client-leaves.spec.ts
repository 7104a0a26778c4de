import {connect} from 'node:http2';
import type {ExchangeReport} from '../../lib/forward/seams.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
const post = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf';

const endsHttp1 = test.macro({
	title: (when = '') => `an HTTP/1.1 client that leaves ${when} ends the backend's request`,
	async exec(t, request: string, answer: string) {
		const backend = await startScripted(t, answer === '' ? undefined : answer);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const reported = new Promise<ExchangeReport>(resolve => tunnel.once('exchange', resolve));
		const client = await openTls(t, tunnel);
		client.write(request);
		const connection = await backend.connection();
		await connection.until(request === post ? 'half' : '\r\n\r\n');
		if (answer !== '') {
			await client.until('part');
		}
		client.socket.destroy();
		await connection.closed();
		const {complete, failure} = await reported;
		t.false(complete);
		t.is(failure, undefined);
	},
});

const part = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart';
test('before the response', endsHttp1, get, '');
test('in the middle of the response', endsHttp1, get, part);
test(
	'in the middle of a chunked response',
	endsHttp1,
	get,
	part.replace('Content-Length: 100\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n4\r\n'),
);
test('in the middle of its upload', endsHttp1, post, '');
test('while both bodies are under way', endsHttp1, post, part);

const endsHttp2 = test.macro({
	title: (when = '') => `an HTTP/2 client that ${when} ends the backend's request`,
	async exec(t, leave: 'stream' | 'session', answer: string) {
		const backend = await startScripted(t, answer === '' ? undefined : answer);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const session = connect(tunnel.url, {ca: tunnel.ca ?? ''});
		t.teardown(() => session.destroy());
		const stream = session.request({':path': '/'});
		stream.on('error', () => undefined);
		const connection = await backend.connection();
		await connection.until('\r\n\r\n');
		if (answer !== '') {
			await new Promise(resolve => stream.once('data', resolve));
		}
		if (leave === 'stream') {
			stream.close(8);
		} else {
			session.destroy();
		}
		await connection.closed();
		t.pass();
	},
});

test('resets its stream before the response', endsHttp2, 'stream', '');
test('resets its stream in the middle of the response', endsHttp2, 'stream', part);
test('closes its connection before the response', endsHttp2, 'session', '');
test('closes its connection in the middle of the response', endsHttp2, 'session', part);

test('a client that leaves with several requests on one connection ends them', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(get + get + post);
	const connection = await backend.connection();
	await connection.until('\r\n\r\n');
	client.socket.destroy();
	await connection.closed();
	const later = await openTls(t, tunnel);
	later.write(get.replace('/', '/later'));
	await (await backend.connection(1)).until('/later');
	t.deepEqual(
		backend.connections.map(({received}) => received.match(/^\w+ .* HTTP/gm)),
		[['GET / HTTP'], ['GET /later HTTP']],
	);
});

test('one HTTP/2 request that is reset leaves the others on its connection alone', async t => {
	const backend = await startScripted(t);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const session = connect(tunnel.url, {ca: tunnel.ca ?? ''});
	t.teardown(() => session.destroy());
	const first = session.request({':path': '/first'});
	first.on('error', () => undefined);
	const firstConnection = await backend.connection();
	await firstConnection.until('/first');
	const second = session.request({':path': '/second'});
	const secondConnection = await backend.connection(1);
	await secondConnection.until('/second');
	first.close(8);
	await firstConnection.closed();
	secondConnection.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
	const body = await new Promise(resolve => second.once('data', chunk => resolve(String(chunk))));
	t.is(body, 'ok');
});
