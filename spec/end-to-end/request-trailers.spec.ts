import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import ava from 'ava';
import {openHttp2} from '../helpers/fetch.js';
import {test as onHttp1} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';
import {openClient, test} from '../helpers/versions.js';

const chunked =
	'POST / HTTP/1.1\r\nHost: localhost\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n';

onHttp1('trailers of an HTTP/1.1 request reach the backend, announced', async t => {
	const backend = await startScripted(t, connection =>
		connection.until('X-Sum: 42').then(() => connection.write(ok)),
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write(chunked);
	await client.until('\r\n\r\nok');
	t.regex(backend.received, /\r\nTrailer: X-Sum\r\n/);
	t.regex(backend.received, /\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n$/);
});

onHttp1('trailers of an HTTP/2 request reach the backend', async t => {
	const backend = await startScripted(t, connection =>
		connection.until(/x-sum: 42/i).then(() => connection.write(ok)),
	);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const session = await openHttp2(t, tunnel);
	const stream = session.request(
		{':method': 'POST', ':path': '/', trailer: 'x-sum'},
		{waitForTrailers: true},
	);
	stream.on('wantTrailers', () => stream.sendTrailers({'x-sum': '42'}));
	stream.end('body');
	const status = await new Promise(resolve =>
		stream.once('response', headers => resolve(headers[':status'])),
	);
	t.is(status, 200);
	t.regex(backend.received, /\r\ntrailer: x-sum\r\n/);
	t.regex(backend.received, /\r\n4\r\nbody\r\n0\r\nx-sum: 42\r\n\r\n$/);
});

const harmless = test.macro({
	title: (what = '') => `a Trailer header ${what} does no harm`,
	async exec(t, request: string) {
		const backend = await startScripted(t, ok);
		const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
		const client = await openClient(t, tunnel);
		client.write(request);
		t.regex(await client.until('\r\n\r\nok'), /^HTTP\/1\.1 200 OK\r\n/);
	},
});

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\nTrailer: X-Sum\r\n';
test('without a body', harmless, `${get}\r\n`);
test('with a length', harmless, `${get.replace('GET', 'POST')}Content-Length: 4\r\n\r\nbody`);
test('on DELETE', harmless, `${get.replace('GET', 'DELETE')}\r\n`);
test('that Connection names', harmless, `${get}Connection: Trailer\r\n\r\n`);
onHttp1(
	'on a request to switch protocols',
	harmless,
	`${get}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
);

const bareProxy = `
import {createServer, request} from 'node:http';
import httpProxy from 'http-proxy';
const backend = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1', () => {
	const proxy = httpProxy.createProxyServer({target: {host: '127.0.0.1', port: backend.address().port}});
	const server = createServer((request, response) => proxy.web(request, response, {}, () => response.end()));
	server.listen(0, '127.0.0.1', () => {
		const {port} = server.address();
		request({host: '127.0.0.1', port, headers: {Trailer: 'X-Sum'}}, () => process.exit(0)).end();
	});
});
`;

ava('http-proxy by itself is crashed by it', async t => {
	const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', bareProxy]);
	const error = await t.throwsAsync<Error & {stderr: string}>(run);
	t.regex(error?.stderr ?? '', /ERR_HTTP_TRAILER_INVALID/);
});
