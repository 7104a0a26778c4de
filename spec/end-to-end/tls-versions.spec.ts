import {type ConnectionOptions, connect, type TLSSocket} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import type {Handshake} from '../../lib/listener/listener.js';
import {startTunnel} from '../helpers/tunnel.js';

/** One handshake; rejects with what the client was told. */
async function shake(
	t: ExecutionContext,
	options: ConnectionOptions,
): Promise<[TLSSocket, Handshake]> {
	const tunnel = await startTunnel(t, 1);
	const agreed = new Promise<Handshake>(resolve => tunnel.once('handshake', resolve));
	const socket = connect({
		host: '127.0.0.1',
		port: tunnel.port,
		servername: 'localhost',
		ca: tunnel.ca,
		...options,
	});
	t.teardown(() => socket.destroy());
	await new Promise((resolve, reject) =>
		socket.once('secureConnect', resolve).once('error', reject),
	);
	return [socket, await agreed];
}

// At security level 0 the client itself would go along with what is to be refused.
const old = {ciphers: 'ALL:@SECLEVEL=0'};

for (const version of ['TLSv1', 'TLSv1.1'] as const) {
	test(`${version} is refused`, async t => {
		const error = await t.throwsAsync<NodeJS.ErrnoException>(
			shake(t, {...old, minVersion: version, maxVersion: version}),
		);
		t.regex(error?.code ?? '', /ALERT_PROTOCOL_VERSION/);
	});
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
	test(`${version} is accepted`, async t => {
		const [socket, {tls}] = await shake(t, {minVersion: version, maxVersion: version});
		t.is(socket.getProtocol(), version);
		t.is(tls, version);
	});
}

for (const cipher of [
	'ECDHE-ECDSA-AES128-SHA256',
	'ECDHE-ECDSA-AES256-SHA',
	'ECDHE-ECDSA-AES128-CCM',
	'AES128-GCM-SHA256',
	'ECDHE-ECDSA-NULL-SHA',
]) {
	test(`the cipher ${cipher} is refused`, async t => {
		const error = await t.throwsAsync<NodeJS.ErrnoException>(
			shake(t, {maxVersion: 'TLSv1.2', ciphers: `${cipher}:@SECLEVEL=0`}),
		);
		t.regex(error?.code ?? '', /ALERT_HANDSHAKE_FAILURE/);
	});
}

for (const cipher of [
	'ECDHE-ECDSA-AES128-GCM-SHA256',
	'ECDHE-ECDSA-AES256-GCM-SHA384',
	'ECDHE-ECDSA-CHACHA20-POLY1305',
]) {
	test(`the cipher ${cipher} is accepted`, async t => {
		const [socket] = await shake(t, {maxVersion: 'TLSv1.2', ciphers: cipher});
		t.is(socket.getCipher().name, cipher);
	});
}

for (const [offered, agreed] of [
	[['h2', 'http/1.1'], 'h2'],
	[['http/1.1', 'h2'], 'h2'],
	[['http/1.1'], 'http/1.1'],
	[['h2'], 'h2'],
	[undefined, false],
] as const) {
	test(`of ${offered ?? 'no'} protocols offered, ${agreed || 'none'} is agreed on`, async t => {
		const [socket, {alpn}] = await shake(
			t,
			offered === undefined ? {} : {ALPNProtocols: [...offered]},
		);
		t.is(socket.alpnProtocol, agreed);
		t.is(alpn, agreed || 'http/1.1');
	});
}

test('a client that offers only protocols unknown here is told so', async t => {
	const error = await t.throwsAsync<NodeJS.ErrnoException>(shake(t, {ALPNProtocols: ['smtp']}));
	t.regex(error?.code ?? '', /NO_APPLICATION_PROTOCOL/);
});
