import {createPrivateKey, X509Certificate} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {createSecureContext} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {fingerprintOf} from '../../lib/pki/root.js';
import {type Issued, issueFiles} from '../helpers/certificate-files.js';
import {runSealport, spawnProgram} from '../helpers/cli.js';
import {openssl} from '../helpers/clients.js';
import {home} from '../helpers/home.js';
import {must} from '../helpers/making.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {modeOf} from '../helpers/stores.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const test = needs();

test('without names it is for this machine: two files, the key for its owner only', async t => {
	const directory = temporaryDirectory(t);
	const sealport = runSealport(t, home, ['cert', '--out', directory]);
	t.is(await sealport.ended, 0, sealport.stderr);
	const files = ['localhost.pem', 'localhost-key.pem'].map(name => join(directory, name));
	t.is(sealport.stdout, files.map(file => `${file}\n`).join(''), 'the result, and nothing else');
	t.regex(sealport.stderr, /localhost, 127\.0\.0\.1, ::1/);
	t.regex(sealport.stderr, /ca\.pem/);
	t.deepEqual(readdirSync(directory).sort(), ['localhost-key.pem', 'localhost.pem']);
	t.is(modeOf(files[0] ?? ''), 0o644);
	t.is(modeOf(files[1] ?? ''), 0o600);
	const leaf = new X509Certificate(readFileSync(files[0] ?? ''));
	t.is(leaf.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
	t.true(leaf.checkPrivateKey(createPrivateKey(readFileSync(files[1] ?? ''))));
	const again = runSealport(t, home, ['cert', '--out', directory]);
	t.is(await again.ended, 1, 'it is not made a second time');
});

test('with --json one line says what was made, and nothing else is said', async t => {
	const directory = temporaryDirectory(t);
	const args = ['cert', 'App.Test', 'app.test.', '10.0.0.1', '--days', '30', '--json'];
	const sealport = runSealport(t, home, [...args, '--out', directory]);
	t.is(await sealport.ended, 0, sealport.stderr);
	t.is(sealport.stderr, '');
	t.is(sealport.stdout.split('\n').length, 2);
	const {event, files, names, notAfter, fingerprint, ca} = JSON.parse(sealport.stdout);
	t.is(event, 'certificate');
	t.deepEqual(
		files,
		['app.test.pem', 'app.test-key.pem'].map(name => join(directory, name)),
	);
	t.deepEqual(names, ['app.test', '10.0.0.1']);
	const leaf = new X509Certificate(readFileSync(files[0]));
	t.is(Date.parse(leaf.validTo), Date.parse(notAfter));
	t.is(Math.round((Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 86_400_000), 30);
	t.is(fingerprintOf(leaf), fingerprint);
	t.true(new X509Certificate(readFileSync(ca)).ca);
});

type Serve = (t: ExecutionContext, issued: Issued) => Promise<number>;

const nodeServer: Serve = async (t, {file, key}) => {
	const server = createServer({cert: readFileSync(file), key: readFileSync(key)}, (_, response) =>
		response.end('hello'),
	);
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => server.close());
	return (server.address() as AddressInfo).port;
};

const opensslServer: Serve = async (t, {file, key, directory}) => {
	const args = ['s_server', '-accept', '127.0.0.1:0', '-www', '-cert', file, '-key', key];
	const server = spawnProgram(t, directory, 'openssl', [...args, '-cert_chain', file]);
	await server.says(/^ACCEPT 127\.0\.0\.1:\d+/m);
	return Number(/^ACCEPT 127\.0\.0\.1:(\d+)/m.exec(server.stdout)?.[1]);
};

const script = `
import http.server, ssl, sys
server = http.server.HTTPServer(('127.0.0.1', 0), http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
server.socket = context.wrap_socket(server.socket, server_side=True)
print('port', server.server_port, flush=True)
server.serve_forever()
`;

const pythonServer: Serve = async (t, {file, key, directory}) => {
	const server = spawnProgram(t, directory, 'python3', ['-c', script, file, key]);
	await server.says(/port \d+/);
	return Number(/port (\d+)/.exec(server.stdout)?.[1]);
};

for (const kind of ['ec', 'rsa']) {
	const args = ['localhost', 'app.localhost', '127.0.0.1', '--key-type', kind];

	needs('openssl')(
		`openssl verify takes the certificate as strictly as it can: ${kind}`,
		async t => {
			const {file, ca} = await issueFiles(t, args);
			for (const host of ['localhost', 'app.localhost', '127.0.0.1']) {
				const {accepted, reason} = await openssl(ca, file, host);
				t.true(accepted, reason);
			}
			t.false((await openssl(ca, file, 'other.localhost')).accepted);
			const text = await must('openssl', ['x509', '-in', file, '-noout', '-text']);
			t.regex(text, kind === 'rsa' ? /Public-Key: \(2048 bit\)/ : /NIST CURVE: P-256/);
		},
	);

	for (const [program, serve, needed] of [
		['Node.js', nodeServer, 'curl'],
		['openssl s_server', opensslServer, 'openssl'],
		['Python', pythonServer, 'python3'],
	] as const) {
		needs('curl', needed)(
			`${program} serves the PEM files, and curl accepts it: ${kind}`,
			async t => {
				const issued = await issueFiles(t, args);
				const port = await serve(t, issued);
				const curl = (host: string, ...flags: readonly string[]) =>
					run('curl', [
						...['--silent', '--show-error', '--output', '/dev/null', '--noproxy', '*', ...flags],
						...['--resolve', `${host}:${port}:127.0.0.1`, `https://${host}:${port}/`],
					]);
				for (const host of ['localhost', 'app.localhost', '127.0.0.1']) {
					const {code, stderr} = await curl(host, '--cacert', issued.ca);
					t.is(code, 0, stderr);
				}
				t.is((await curl('other.localhost', '--cacert', issued.ca)).code, 60);
				t.is((await curl('localhost')).code, 60);
			},
		);
	}

	for (const flags of [[], ['--legacy']]) {
		test(`Node.js serves the PKCS#12 file: ${[kind, ...flags].join(' ')}`, async t => {
			const env = {SEALPORT_PASSPHRASE: 'pässwörd €'};
			const {file, files} = await issueFiles(t, [...args, '--p12', ...flags], env);
			t.true(file.endsWith('/localhost.p12'));
			t.is(files.length, 1);
			t.is(modeOf(file), 0o600);
			const pfx = readFileSync(file);
			t.notThrows(() => createSecureContext({pfx, passphrase: 'pässwörd €'}));
			t.throws(() => createSecureContext({pfx, passphrase: 'x'}), {message: /mac verify failure/});
		});
	}
}

test('sealport itself serves the PKCS#12 file, without a CA of its own', async t => {
	const env = {SEALPORT_PASSPHRASE: 'secret'};
	const {file} = await issueFiles(t, ['dev.test', '--p12'], env);
	const serving = runSealport(t, home, ['1', '--port', '0', '--json', '--pfx', file], env);
	t.regex((await serving.listening()).url, /^https:\/\/dev\.test:/);
});

test('a passphrase that Java cannot read is pointed out', async t => {
	const directory = temporaryDirectory(t);
	const args = ['cert', '--p12', '--out', directory, '--passphrase', 'pässwörd'];
	const sealport = runSealport(t, home, args);
	t.is(await sealport.ended, 0);
	t.regex(sealport.stderr, /^warning: Java does not open it/m);
});
