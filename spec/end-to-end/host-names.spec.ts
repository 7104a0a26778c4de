import {checkServerIdentity, connect} from 'node:tls';
import ava from 'ava';
import {whereThereIs} from '../helpers/addresses.js';
import {fetchEither, versions} from '../helpers/either.js';
import {test} from '../helpers/lanes.js';
import {openTls} from '../helpers/raw-client.js';
import {ok, startScripted} from '../helpers/scripted.js';
import {startTunnel} from '../helpers/tunnel.js';

for (const version of versions) {
	for (const host of [
		'localhost',
		'LOCALHOST:1234',
		'localhost.',
		'app.localhost',
		'a.b.localhost:443',
		'127.0.0.1:62893',
		'[::1]:62893',
		'[0:0:0:0:0:0:0:1]',
		'myapp.test',
		'MyApp.Test:8443',
	]) {
		test(`${version}: ${host} is served`, async t => {
			const backend = await startScripted(t, ok);
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {names: ['myapp.test']});
			t.is((await fetchEither(t, tunnel, version, {host})).body, 'ok');
		});
	}

	for (const host of [
		'rebind.example',
		'localhost.evil.example',
		'notlocalhost',
		'127.0.0.1.nip.io',
		'sub.myapp.test',
		'127.0.0.2',
		'[::2]',
		'2130706433',
		'xn--lcalhost-54a',
	]) {
		test(`${version}: ${host} is refused, and never reaches the backend`, async t => {
			const backend = await startScripted(t, ok);
			const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`, {names: ['myapp.test']});
			const {status, headers, body} = await fetchEither(t, tunnel, version, {host});
			t.is(status, 421);
			t.is(headers['sealport-error'], 'name-not-served');
			t.true(body.includes(`--name ${host.replace(/[[\]]/g, '')}`));
			t.is(backend.connections.length, 0);
		});
	}
}

test('a name in SNI that differs from Host does not decide', async t => {
	const backend = await startScripted(t, ok);
	const tunnel = await startTunnel(t, `127.0.0.1:${backend.port}`);
	const client = await openTls(t, tunnel);
	client.write('GET / HTTP/1.1\r\nHost: rebind.example\r\n\r\n');
	t.regex(await client.until('\r\n\r\n'), /^HTTP\/1\.1 421 /);
	t.is(backend.connections.length, 0);
});

for (const name of ['localhost', 'app.localhost', 'a.b.localhost', 'myapp.test']) {
	ava(`a client that asks for ${name} gets a certificate for it`, async t => {
		const tunnel = await startTunnel(t, 1, {names: ['myapp.test']});
		const socket = connect({
			host: '127.0.0.1',
			port: tunnel.port,
			servername: name,
			ca: tunnel.ca,
		});
		t.teardown(() => socket.destroy());
		await new Promise((resolve, reject) =>
			socket.once('secureConnect', resolve).once('error', reject),
		);
		t.is(checkServerIdentity(name, socket.getPeerCertificate()), undefined);
	});
}

for (const address of ['127.0.0.1', '::1']) {
	whereThereIs(address)(
		`a client that connects to ${address} gets a certificate for it`,
		async t => {
			const tunnel = await startTunnel(t, 1);
			const socket = connect({
				host: address,
				port: tunnel.port,
				ca: tunnel.ca,
				// Looked at below: Node 22.23 itself finds ::1 in no certificate, whoever serves it.
				checkServerIdentity: () => undefined,
			});
			t.teardown(() => socket.destroy());
			await new Promise((resolve, reject) =>
				socket.once('secureConnect', resolve).once('error', reject),
			);
			t.true(socket.authorized);
			t.is(socket.getPeerX509Certificate()?.checkIP(address), address);
		},
	);
}
