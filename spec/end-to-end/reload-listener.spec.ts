import {once} from 'node:events';
import {connect} from 'node:net';
import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {dial, refuses} from '../helpers/dial.js';
import {fetchHttp1} from '../helpers/fetch.js';
import {freePort} from '../helpers/free-port.js';
import {onLane} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {startTunnel} from '../helpers/tunnel.js';

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

async function start(t: Parameters<typeof startTunnel>[0]) {
	const {port} = await startBackend(t, (_request, response) => response.end('hi'));
	const routes = `127.0.0.1:${port}`;
	return {routes, tunnel: await startTunnel(t, routes)};
}

test('another port serves at once, the former refuses, and what is connected to it goes on', async t => {
	const {routes, tunnel} = await start(t);
	const former = tunnel.port;
	const client = await openTls(t, tunnel);
	const port = await freePort();
	await tunnel.reload({routes, port});
	t.is(tunnel.port, port);
	t.is((await fetchHttp1(tunnel, '/')).body, 'hi');
	await refuses(former);
	client.write(get);
	t.regex(await client.until('hi'), /200 OK/);
});

test('another address with the same port is taken, and a port that is asked for by its number stays', async t => {
	const {routes, tunnel} = await start(t);
	const {port} = tunnel;
	const client = await openTls(t, tunnel);
	await tunnel.reload({routes, port});
	t.is(tunnel.port, port);
	await tunnel.reload({routes, port, host: '0.0.0.0', expose: 'anyone'});
	t.deepEqual(tunnel.addresses, ['0.0.0.0']);
	t.is((await fetchHttp1(tunnel, '/')).body, 'hi');
	client.write(get);
	t.regex(await client.until('hi'), /200 OK/);
});

test('a reload that fails leaves everything as it was', async t => {
	const {routes, tunnel} = await start(t);
	const {port: taken} = await startBackend(t, () => undefined);
	const {port, url, addresses, routes: before} = tunnel;
	await t.throwsAsync(tunnel.reload({routes: 1, port: taken}), {code: 'port-taken'});
	// An address that this machine has not, on the port that the tunnel has.
	const elsewhere = {routes: 1, port, host: '10.255.255.1', expose: 'anyone'} as const;
	await t.throwsAsync(tunnel.reload(elsewhere), {code: 'address-unavailable'});
	const cert = {routes: 1, port: 0, cert: '/nowhere/cert.pem', key: '/nowhere/key.pem'};
	await t.throwsAsync(tunnel.reload(cert));
	await t.throwsAsync(tunnel.reload({routes, port: -1}));
	t.deepEqual(
		[tunnel.port, tunnel.url, tunnel.addresses, tunnel.routes],
		[port, url, addresses, before],
	);
	t.is((await fetchHttp1(tunnel, '/')).body, 'hi');
});

test('the limit of handshakes is the one of the last reload', async t => {
	const {routes, tunnel} = await start(t);
	await fetchHttp1(tunnel, '/');
	await tunnel.reload({routes, port: 0, limits: {handshake: 100}});
	const socket = connect(tunnel.port, '127.0.0.1');
	// The beginning of a ClientHello.
	socket.write(Buffer.from([0x16, 3, 1, 0, 200, 1]));
	await once(socket.resume(), 'close');
	t.is((await fetchHttp1(tunnel, '/')).body, 'hi');
});

onLane('wire')('another lane takes what connects from now on', async t => {
	const {routes, tunnel} = await start(t);
	const client = await openTls(t, tunnel);
	await tunnel.reload({routes, port: 0, lane: 'message'});
	t.is((await fetchHttp1(tunnel, '/')).body, 'hi');
	client.write(get);
	t.regex(await client.until('hi'), /200 OK/);
	await tunnel.reload({routes, port: 0, lane: 'wire'});
	t.is((await fetchHttp1(tunnel, '/')).body, 'hi');
});

test('a tunnel that is closed during a reload leaves no port open', async t => {
	const {routes, tunnel} = await start(t);
	const former = tunnel.port;
	const port = await freePort();
	const reloading = tunnel.reload({routes, port});
	await tunnel.close(0);
	await reloading;
	await refuses(former);
	t.is(await dial(port), 'ECONNREFUSED');
});
