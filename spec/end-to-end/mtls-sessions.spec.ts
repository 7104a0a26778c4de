import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type ConnectionOptions, connect, type SecureVersion} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {filesOf, type Shown} from '../helpers/client-certificates.js';
import {type Guarded, openGuarded} from '../helpers/mtls/stage.js';
import {needs} from '../helpers/programs.js';
import {follow} from '../helpers/raw-client.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/** One request; returns the answer's status and the last session that the server has given. */
async function visit(
	t: ExecutionContext,
	{tunnel}: Guarded,
	version: SecureVersion,
	options: ConnectionOptions,
) {
	const socket = connect({
		host: '127.0.0.1',
		port: tunnel.port,
		servername: 'localhost',
		ca: tunnel.ca,
		minVersion: version,
		maxVersion: version,
		...options,
	});
	let session: Buffer | undefined;
	socket.on('session', given => {
		session = given;
	});
	const client = follow(t, socket);
	await once(socket, 'secureConnect');
	const resumed = socket.isSessionReused();
	session ??= socket.getSession();
	client.write(get);
	const answer = await client.closed();
	return {status: Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]), resumed, session};
}

for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
	test(`a session is not taken up again without its certificate: ${version}`, async t => {
		const stage = await openGuarded(t);
		const {alice, bob} = stage.clients;
		const first = await visit(t, stage, version, alice);
		t.is(first.status, 200);
		const {session} = first;
		const later = (shown: Shown | undefined) =>
			visit(t, stage, version, {...shown, ...(session && {session})});
		for (const [shown, status] of [
			[undefined, 403],
			[bob, 403],
			[alice, 200],
		] as const) {
			const {status: got, resumed} = await later(shown);
			t.is(got, status);
			t.false(resumed);
		}
		t.deepEqual(stage.seen, ['alice', 'alice']);
	});

	needs('openssl')(`nor by OpenSSL, which is given the session's file: ${version}`, async t => {
		const stage = await openGuarded(t);
		const {cert, key} = filesOf(t, stage.clients.alice);
		const file = join(temporaryDirectory(t), 'session');
		const visitAs = async (...flags: readonly string[]) => {
			const {stdout, stderr} = await run(
				'openssl',
				[
					...['s_client', '-connect', `127.0.0.1:${stage.tunnel.port}`, '-ign_eof'],
					...['-servername', 'localhost', '-CAfile', stage.caFile],
					...[version === 'TLSv1.2' ? '-tls1_2' : '-tls1_3', ...flags],
				],
				{input: get},
			);
			return `${stdout}${stderr}`;
		};
		const first = await visitAs('-cert', cert, '-key', key, '-sess_out', file);
		t.regex(first, /\r\n\r\nhello alice/);
		const again = existsSync(file) ? ['-sess_in', file] : [];
		const second = await visitAs(...again);
		t.regex(second, /HTTP\/1\.1 403 /);
		t.regex(second, /\nNew, TLSv1/);
		t.notRegex(second, /\nReused, /);
		t.deepEqual(stage.seen, ['alice']);
	});
}

test('a session from before certificates were asked for is not taken up again', async t => {
	for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
		const stage = await openGuarded(t, {mtls: false});
		const {status, session} = await visit(t, stage, version, {});
		t.is(status, 200);
		const routes = stage.tunnel.routes[0]?.backend ?? '';
		await stage.tunnel.reload({routes, port: stage.tunnel.port, mtls: true});
		const later = await visit(t, stage, version, session === undefined ? {} : {session});
		t.is(later.status, 403);
		t.false(later.resumed);
	}
});

test('a client cannot become another by renegotiation', async t => {
	const stage = await openGuarded(t);
	const socket = connect({
		host: '127.0.0.1',
		port: stage.tunnel.port,
		servername: 'localhost',
		ca: stage.tunnel.ca,
		maxVersion: 'TLSv1.2',
		...stage.clients.bob,
	});
	const client = follow(t, socket);
	await once(socket, 'secureConnect');
	const error = await new Promise<Error | null>(resolve => {
		socket.once('error', resolve);
		socket.renegotiate({}, resolve);
	});
	t.regex(String(error), /no renegotiation/);
	t.is(client.received, '');
	t.deepEqual(stage.seen, []);
});
