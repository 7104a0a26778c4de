import {readFileSync} from 'node:fs';
import {get} from 'node:https';
import {connect, type TLSSocket} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {startTunnel} from '../helpers/tunnel.js';
import {wrap} from '../helpers/wrapped.js';

const test = needs();

/** A client that takes certificates with RSA keys only. */
const rsaOnly = {ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2'} as const;

function shake(t: ExecutionContext, port: number, ca: string, servername: string) {
	return new Promise<TLSSocket>((resolve, reject) => {
		const socket = connect({host: '127.0.0.1', port, ca, servername, ...rsaOnly});
		t.teardown(() => socket.destroy());
		socket.once('secureConnect', () => resolve(socket)).once('error', reject);
	});
}

test('with --key-type rsa every leaf has an RSA key, and all of them the same', async t => {
	const backend = await startBackend(t, (_, response) => response.end('hello'));
	const {port, ca} = await wrap(t, backend.port, '--key-type', 'rsa');
	const seen = new Set<string>();
	for (const name of ['localhost', 'app.localhost', 'api.localhost']) {
		const certificate = (await shake(t, port, ca, name)).getPeerX509Certificate() ?? t.fail();
		t.is(certificate.checkHost(name), name);
		t.is(certificate.publicKey.asymmetricKeyType, 'rsa');
		t.is(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 2048);
		seen.add(certificate.publicKey.export({type: 'spki', format: 'pem'}).toString());
	}
	t.is(seen.size, 1);
	const body = await new Promise<string>((resolve, reject) => {
		const options = {host: '127.0.0.1', port, ca, servername: 'localhost', agent: false};
		get({...options, ...rsaOnly, headers: {Host: `localhost:${port}`}}, response =>
			response.setEncoding('utf8').once('data', resolve),
		).once('error', reject);
	});
	t.is(body, 'hello');
});

needs('curl', 'python3')('curl and strict Python accept an RSA leaf', async t => {
	const backend = await startBackend(t, (_, response) => response.end('hello'));
	const {url, caFile} = await wrap(t, backend.port, '--key-type', 'rsa');
	const curl = await run('curl', ['--silent', '--noproxy', '*', '--cacert', caFile, url]);
	t.is(curl.stdout, 'hello');
	const script = `
import ssl, sys, urllib.request
context = ssl.create_default_context(cafile=sys.argv[2])
context.verify_flags |= ssl.VERIFY_X509_STRICT
handler = urllib.request.HTTPSHandler(context=context)
print(urllib.request.build_opener(urllib.request.ProxyHandler({}), handler).open(sys.argv[1]).read().decode())
`;
	const python = await run('python3', ['-c', script, url, caFile]);
	t.is(python.stdout, 'hello\n', python.stderr);
});

test('without it a client that takes RSA only is told so', async t => {
	const tunnel = await startTunnel(t, 1);
	const error = await t.throwsAsync<NodeJS.ErrnoException>(
		shake(t, tunnel.port, tunnel.ca ?? '', 'localhost'),
	);
	t.regex(error?.code ?? '', /ALERT_HANDSHAKE_FAILURE/);
});

test('the library takes it as an option', async t => {
	const tunnel = await startTunnel(t, 1, {keyType: 'rsa'});
	const socket = await shake(
		t,
		tunnel.port,
		readFileSync(tunnel.caFile ?? '', 'utf8'),
		'localhost',
	);
	t.true(socket.authorized);
});

for (const [args, telling] of [
	[['--key-type', 'dsa'], /key-type: expected ec or rsa, got "dsa"/],
	[['--key-type', 'rsa', '--self-signed'], /key-type: .*self-signed/],
	[['--key-type', 'rsa', '--pfx', 'a.p12'], /key-type: .*pfx/],
] as const) {
	test(`exit 2: sealport 3000 ${args.join(' ')}`, async t => {
		const sealport = runSealport(t, home, ['3000', ...args]);
		t.is(await sealport.ended, 2);
		t.regex(sealport.stderr, telling);
		t.regex(sealport.stderr, /^hint: /m);
	});
}
