import {execFileSync} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import {createServer as createHttpsServer} from 'node:https';
import {type AddressInfo, createServer} from 'node:net';
import test from 'ava';
import {whereThereIs} from '../helpers/addresses.js';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {patient} from '../helpers/doctor.js';
import {deadPort} from '../helpers/free-port.js';
import {startH2cServer} from '../helpers/http2/backend.js';
import {makeOwn} from '../helpers/making.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

test('a port that another program holds', async t => {
	const it = await patient(t);
	const server = createServer().listen(0, '127.0.0.1');
	t.teardown(() => server.close());
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const {code, of} = await it.examine(['--port', String(port)]);
	t.is(code, 1);
	const [found] = of('port');
	t.is(found?.verdict, 'failed');
	t.regex(found?.detail ?? '', new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${port}: held by `));
	if (process.platform === 'linux') {
		t.true(found?.detail.includes(`(pid ${process.pid})`), found?.detail);
	}
	t.regex(found?.hint ?? '', /--port 0/);
});

test('a port that Sealport itself holds is as it should be', async t => {
	const it = await patient(t);
	const demo = runSealport(t, it.home, ['demo', '--port', '0', '--json']);
	const {port} = await demo.listening();
	const {of} = await it.examine(['--port', String(port)]);
	t.is(of('port')[0]?.verdict, process.platform === 'linux' ? 'ok' : 'failed');
});

whereThereIs('::1')('a program on ::1 beside a Sealport on 127.0.0.1', async t => {
	const it = await patient(t);
	const demo = runSealport(t, it.home, ['demo', '--port', '0', '--host', '127.0.0.1', '--json']);
	const {port} = await demo.listening();
	const server = createServer().listen(port, '::1');
	t.teardown(() => server.close());
	await once(server, 'listening');
	const {code, of} = await it.examine(['--port', String(port)]);
	t.is(code, 1);
	t.is(of('port')[0]?.verdict, 'failed');
	t.regex(of('port')[0]?.detail ?? '', /^cannot listen on \[::1\]:/);
});

test('a backend that is up', async t => {
	const it = await patient(t);
	const {port} = await startBackend(t, (_request, response) => response.end());
	const {of} = await it.examine([`127.0.0.1:${port}`]);
	t.is(of('backend')[0]?.verdict, 'ok');
	t.is(of('backend')[0]?.detail, `http://127.0.0.1:${port} answers (HTTP status 200)`);
});

test('a backend that is to speak HTTP/2, and does or does not', async t => {
	const it = await patient(t);
	const {route} = await startH2cServer(t);
	const up = await it.examine([route]);
	t.is(up.of('backend')[0]?.verdict, 'ok');
	t.is(up.of('backend')[0]?.detail, `${route} answers in HTTP/2`);
	const {port} = await startBackend(t, (_request, response) => response.end());
	const wrong = await it.examine([`h2c://127.0.0.1:${port}`]);
	t.is(wrong.of('backend')[0]?.verdict, 'failed');
	t.regex(wrong.of('backend')[0]?.detail ?? '', /does not answer in HTTP\/2 without TLS/);
	t.regex(wrong.of('backend')[0]?.hint ?? '', /name it with http:\/\//);
});

test('a backend that is down', async t => {
	const it = await patient(t);
	const port = await deadPort(t);
	const {code, of} = await it.examine([String(port)]);
	t.is(code, 1);
	t.is(of('backend')[0]?.verdict, 'failed');
	t.is(of('backend')[0]?.detail, `backend http://localhost:${port} refused the connection`);
	t.is(of('backend')[0]?.hint, 'start it, or check its port');
});

whereThereIs('::1')('a backend that listens on one address family only', async t => {
	const it = await patient(t);
	const {port} = await startBackend(t, (_request, response) => response.end(), '::1');
	const {of} = await it.examine([`localhost:${port}`]);
	const [found] = of('backend');
	t.is(found?.verdict, 'ok', 'Sealport finds it all the same');
	t.regex(found?.detail ?? '', /, on ::1 only$/);
	const wrong = await it.examine([`127.0.0.1:${port}`]);
	t.is(wrong.code, 1);
	t.is(wrong.of('backend')[0]?.verdict, 'failed');
	t.regex(wrong.of('backend')[0]?.detail ?? '', /nothing listens on 127\.0\.0\.1.* on ::1/);
	t.true(wrong.of('backend')[0]?.hint?.includes(`${port}`));
});

test('a backend that speaks HTTPS itself, or nothing that is known', async t => {
	const it = await patient(t);
	const {cert, key} = await makeOwn(temporaryDirectory(t), 'ec');
	const https = createHttpsServer({cert: readFileSync(cert), key: readFileSync(key)});
	const mute = createServer(socket => socket.on('error', () => undefined).end('SSH-2.0-x\r\n'));
	for (const [server, expected] of [
		[https, /speaks HTTPS itself/],
		[mute, /does not answer in HTTP/],
	] as const) {
		server.listen(0, '127.0.0.1');
		t.teardown(() => server.close());
		await once(server, 'listening');
		const {port} = server.address() as AddressInfo;
		const {code, of} = await it.examine([`127.0.0.1:${port}`]);
		t.is(code, 1);
		t.regex(of('backend')[0]?.detail ?? '', expected);
	}
});

test('a proxy in the way, and one that is told of localhost', async t => {
	const it = await patient(t);
	const proxy = 'http://user:secret@proxy.example:3128';
	for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']) {
		const {code, of} = await it.examine([], {[name]: proxy});
		t.is(code, 1);
		const [found] = of('proxy');
		t.is(found?.verdict, 'failed');
		t.true(found?.detail.startsWith(`${name}=http://…@proxy.example:3128`), found?.detail);
		const env = {PATH: process.env.PATH, no_proxy: '', NO_PROXY: 'example.com'};
		const script = `${found?.hint} && printf '%s %s' "$no_proxy" "$NO_PROXY"`;
		const said = execFileSync('sh', ['-c', script], {env, encoding: 'utf8'});
		t.is(said, 'localhost,127.0.0.1,::1 example.com,localhost,127.0.0.1,::1');
	}
	const plain = await it.examine([], {http_proxy: proxy});
	t.is(plain.of('proxy')[0]?.verdict, 'note', 'it is for http:// alone');
	const near = await it.examine([], {https_proxy: proxy, NO_PROXY: 'example.com,localhost'});
	t.is(near.of('proxy')[0]?.verdict, 'ok');
	const far = await it.examine([], {https_proxy: proxy, no_proxy: 'example.com', NO_PROXY: '*'});
	t.is(far.of('proxy')[0]?.verdict, 'failed');
	t.regex(far.of('proxy')[0]?.detail ?? '', /no_proxy without localhost/);
});
