import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import type {TLSSocket} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {type Issued, issueFiles} from '../helpers/certificate-files.js';
import {spawnProgram} from '../helpers/cli.js';
import {must} from '../helpers/making.js';
import {specFile} from '../helpers/owner.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/** A server on 127.0.0.1 that says the client's name, and whom it lets in. */
type Serve = (t: ExecutionContext, server: Issued) => Promise<number>;

const nodeServer: Serve = async (t, {file, key, ca}) => {
	const options = {
		cert: readFileSync(file),
		key: readFileSync(key),
		ca: readFileSync(ca),
		requestCert: true,
	};
	const server = createServer(options, ({socket}, response) => {
		const {subject} = (socket as TLSSocket).getPeerCertificate();
		response.end(`client CN=${subject.CN}\n`);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	t.teardown(() => server.close());
	return (server.address() as AddressInfo).port;
};

const opensslServer: Serve = async (t, {file, key, ca, directory}) => {
	const server = spawnProgram(t, directory, 'openssl', [
		...['s_server', '-accept', '127.0.0.1:0', '-www', '-cert', file, '-key', key],
		...['-cert_chain', file, '-CAfile', ca, '-Verify', '3', '-verify_return_error', '-x509_strict'],
	]);
	await server.says(/^ACCEPT 127\.0\.0\.1:\d+/m);
	return Number(/^ACCEPT 127\.0\.0\.1:(\d+)/m.exec(server.stdout)?.[1]);
};

const script = `
import http.server, ssl, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        subject = dict(pair[0] for pair in self.connection.getpeercert()['subject'])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(('client CN=' + subject['commonName'] + '\\n').encode())
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
cert, key, ca = sys.argv[1:]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=ca)
context.verify_flags |= ssl.VERIFY_X509_STRICT
context.verify_mode = ssl.CERT_REQUIRED
context.load_cert_chain(cert, key)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print('port', server.server_port, flush=True)
server.serve_forever()
`;

const pythonServer: Serve = async (t, {file, key, ca, directory}) => {
	const server = spawnProgram(t, directory, 'python3', ['-c', script, file, key, ca]);
	await server.says(/port \d+/);
	return Number(/port (\d+)/.exec(server.stdout)?.[1]);
};

const names = [
	'alice',
	'Alice Exämple, Ltd.',
	'jane.doe@localhost',
	'billing.internal',
	'localhost',
] as const;

/** Made once for all servers; they stay until the spec file is through. */
const clients = new Map<string, Promise<Issued>>();

function clientFiles(name: string, kind = 'ec'): Promise<Issued> {
	const key = `${name} ${kind}`;
	const made = clients.get(key) ?? issueFiles(specFile, ['--client', name, '--key-type', kind]);
	clients.set(key, made);
	return made;
}

const curl = (ca: string, port: number, ...flags: readonly string[]) =>
	run('curl', [
		...['--silent', '--show-error', '--noproxy', '*', '--cacert', ca, ...flags],
		`https://127.0.0.1:${port}/`,
	]);

for (const [program, serve, needed] of [
	['Node.js', nodeServer, 'curl'],
	['openssl s_server', opensslServer, 'openssl'],
	['Python', pythonServer, 'python3'],
] as const) {
	for (const kind of ['ec', 'rsa']) {
		needs('curl', needed)(`${program} knows a client by its certificate: ${kind}`, async t => {
			const server = await issueFiles(t, []);
			const port = await serve(t, server);
			for (const name of names) {
				const {file, key} = await clientFiles(name, kind);
				const {code, stdout, stderr} = await curl(server.ca, port, '--cert', file, '--key', key);
				t.is(code, 0, `${name}: ${stderr}`);
				if (program === 'openssl s_server') {
					t.regex(stdout, /Verify return code: 0/);
				} else {
					t.is(stdout, `client CN=${name}\n`);
				}
			}
			t.not((await curl(server.ca, port)).code, 0, 'none without');
			const wrong = ['--cert', server.file, '--key', server.key];
			t.not((await curl(server.ca, port, ...wrong)).code, 0, 'a server is no client');
		});
	}
}

for (const flags of [[], ['--legacy']]) {
	needs(
		'certutil',
		'pk12util',
		'tstclnt',
	)(
		`NSS takes the client certificate from PKCS#12 and shows it: ${flags.join(' ') || 'modern'}`,
		async t => {
			const server = await issueFiles(t, ['127.0.0.1', 'localhost']);
			const port = await nodeServer(t, server);
			const env = {SEALPORT_PASSPHRASE: 'secret'};
			const {file, directory} = await issueFiles(t, ['--client', 'alice', '--p12', ...flags], env);
			t.true(file.endsWith('/alice-client.p12'));
			const database = join(directory, 'nssdb');
			mkdirSync(database);
			const where = ['-d', `sql:${database}`];
			await must('certutil', [...where, '-N', '--empty-password']);
			await must('certutil', [...where, '-A', '-t', 'C,,', '-n', 'ca', '-i', server.ca]);
			await must('pk12util', [...where, '-i', file, '-W', 'secret']);
			const {stdout, stderr} = await run(
				'tstclnt',
				[...where, '-h', 'localhost', '-p', String(port), '-4', '-n', 'alice', '-a', 'localhost'],
				{input: 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'},
			);
			t.regex(stdout, /client CN=alice/, stderr);
		},
	);
}

needs('openssl', 'curl')('curl takes it from PKCS#12, too', async t => {
	const server = await issueFiles(t, []);
	const port = await nodeServer(t, server);
	const env = {SEALPORT_PASSPHRASE: 'secret'};
	const {file} = await issueFiles(t, ['--client', 'alice', '--p12'], env);
	const p12 = ['--cert-type', 'P12', '--cert', `${file}:secret`];
	t.is((await curl(server.ca, port, ...p12)).stdout, 'client CN=alice\n');
});

const judge = `
import java.io.*; import java.security.*; import java.security.cert.*; import javax.net.ssl.*;
public class Judge {
	public static void main(String[] files) throws Exception {
		var factory = CertificateFactory.getInstance("X.509");
		var store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		store.setCertificateEntry("ca", factory.generateCertificate(new FileInputStream(files[0])));
		var managers = TrustManagerFactory.getInstance("PKIX");
		managers.init(store);
		for (int i = 1; i < files.length; i++) {
			var chain = factory.generateCertificates(new FileInputStream(files[i]));
			((X509TrustManager) managers.getTrustManagers()[0])
				.checkClientTrusted(chain.toArray(new X509Certificate[0]), "EC");
			System.out.println("trusted");
		}
	}
}
`;

needs('java', 'javac')('a Java server trusts clients of all names', async t => {
	const trusted: Issued[] = [];
	for (const name of [...names, 'build_agent', '4711']) {
		trusted.push(await clientFiles(name));
	}
	const [{ca} = t.fail()] = trusted;
	const source = join(temporaryDirectory(t), 'Judge.java');
	writeFileSync(source, judge);
	const {stdout, stderr} = await run('java', [source, ca, ...trusted.map(({file}) => file)], {
		env: {LC_ALL: 'C.UTF-8'},
	});
	t.is(stdout, 'trusted\n'.repeat(trusted.length), stderr);
});
