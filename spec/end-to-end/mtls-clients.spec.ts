import {writeFileSync} from 'node:fs';
import {type ClientSessionOptions, connect, type SecureClientSessionOptions} from 'node:http2';
import {join} from 'node:path';
import type {SecureVersion} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {filesOf, pkcs12Of, type Shown} from '../helpers/client-certificates.js';
import {fetchHttp1, fetchHttp2} from '../helpers/fetch.js';
import {onEachLane, onLane} from '../helpers/lanes.js';
import {type Guarded, openGuarded, refused} from '../helpers/mtls/stage.js';
import {needs, unless} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/** How a program is to connect. */
interface Way {
	readonly tls: '1.2' | '1.3';
	readonly http: '1.1' | '2';
}

/** What it was answered, in this form: `200 hello alice`. */
type Ask = (
	t: ExecutionContext,
	stage: Guarded,
	shown: ReadonlyArray<Shown | undefined>,
	way: Way,
) => Promise<readonly string[]>;

const one =
	(
		ask: (
			t: ExecutionContext,
			stage: Guarded,
			shown: Shown | undefined,
			way: Way,
		) => Promise<string>,
	): Ask =>
	async (t, stage, all, way) => {
		const answers: string[] = [];
		for (const shown of all) {
			answers.push(await ask(t, stage, shown, way));
		}
		return answers;
	};

const curl = one(async (t, {tunnel, caFile}, shown, {tls, http}) => {
	const files = shown && filesOf(t, shown);
	const own = files === undefined ? [] : ['--cert', files.cert, '--key', files.key];
	const {stdout, stderr} = await run('curl', [
		...['-sS', '--noproxy', '*', `--http${http}`, `--tlsv${tls}`, '--tls-max', tls],
		...['--cacert', caFile, ...own, '-w', '\n%{http_code} %{http_version} %{errormsg}'],
		`${tunnel.url}/`,
	]);
	const [, body = '', status = '', version] = /^([\s\S]*)\n(\d+) ([\d.]+) .*$/.exec(stdout) ?? [];
	return version === http ? `${status} ${body}` : `${stdout}${stderr}`;
});

const node = one(async (_t, {tunnel}, shown, {tls, http}) => {
	const version: SecureVersion = `TLSv${tls}`;
	const settings = {...shown, ca: tunnel.ca ?? '', minVersion: version, maxVersion: version};
	if (http === '1.1') {
		const {status, body} = await fetchHttp1(tunnel, '/', settings);
		return `${status} ${body}`;
	}
	const options: ClientSessionOptions | SecureClientSessionOptions = settings;
	const session = connect(`https://localhost:${tunnel.port}`, options);
	session.on('error', () => undefined);
	try {
		const {status, body} = await fetchHttp2(session, {':path': '/'});
		return `${status} ${body}`;
	} finally {
		session.destroy();
	}
});

const pythonScript = `
import http.client, ssl, sys
port, ca, version, *files = sys.argv[1:]
for cert, key in zip(files[::2], files[1::2]):
    context = ssl.create_default_context(cafile=ca)
    context.minimum_version = context.maximum_version = ssl.TLSVersion['TLSv' + version.replace('.', '_')]
    if cert:
        context.load_cert_chain(cert, key)
    connection = http.client.HTTPSConnection('localhost', int(port), context=context)
    connection.request('GET', '/')
    response = connection.getresponse()
    print(response.status, response.read().decode().rstrip())
    connection.close()
`;

const python: Ask = async (t, {tunnel, caFile}, all, {tls}) => {
	const files = all.flatMap(shown => {
		const {cert, key} = shown === undefined ? {cert: '', key: ''} : filesOf(t, shown);
		return [cert, key];
	});
	const args = ['-c', pythonScript, String(tunnel.port), caFile, tls, ...files];
	const {stdout, stderr} = await run('python3', args);
	return stdout === '' ? [stderr] : stdout.trimEnd().split('\n');
};

const javaSource = `
import java.io.*; import java.net.*; import java.net.http.*; import java.security.*;
import java.security.cert.*; import javax.net.ssl.*;
public class Guest {
	public static void main(String[] given) throws Exception {
		var authorities = KeyStore.getInstance("PKCS12");
		authorities.load(null, null);
		authorities.setCertificateEntry("ca",
			CertificateFactory.getInstance("X.509").generateCertificate(new FileInputStream(given[1])));
		var trust = TrustManagerFactory.getInstance("PKIX");
		trust.init(authorities);
		for (int i = 4; i < given.length; i++) {
			KeyManager[] keys = null;
			if (!given[i].equals("none")) {
				var store = KeyStore.getInstance("PKCS12");
				store.load(new FileInputStream(given[i]), "secret".toCharArray());
				var factory = KeyManagerFactory.getInstance("PKIX");
				factory.init(store, "secret".toCharArray());
				keys = factory.getKeyManagers();
			}
			var context = SSLContext.getInstance("TLS");
			context.init(keys, trust.getTrustManagers(), null);
			var parameters = new SSLParameters();
			parameters.setProtocols(new String[] {"TLSv" + given[2]});
			var client = HttpClient.newBuilder().sslContext(context).sslParameters(parameters)
				.version(HttpClient.Version.valueOf(given[3])).build();
			var request = HttpRequest.newBuilder(URI.create("https://localhost:" + given[0] + "/")).build();
			var response = client.send(request, HttpResponse.BodyHandlers.ofString());
			System.out.println(response.version().toString().equals(given[3])
				? response.statusCode() + " " + response.body().strip() : response.version().toString());
		}
	}
}
`;

const java: Ask = async (t, {tunnel, caFile}, all, {tls, http}) => {
	const source = join(temporaryDirectory(t), 'Guest.java');
	writeFileSync(source, javaSource);
	const files = await Promise.all(
		all.map(shown => (shown === undefined ? 'none' : pkcs12Of(t, shown))),
	);
	const version = `HTTP_${http.replace('.', '_')}`;
	const args = [source, String(tunnel.port), caFile, tls, version, ...files];
	const {stdout, stderr} = await run('java', args);
	return stdout === '' ? [stderr] : stdout.trimEnd().split('\n');
};

const old = {tls: '1.2', http: '1.1'} as const;
const usual = {tls: '1.3', http: '1.1'} as const;
const oldHttp2 = {tls: '1.2', http: '2'} as const;
const usualHttp2 = {tls: '1.3', http: '2'} as const;

/** What a client is told; some do not send at all what the server has said that it does not take. */
const reasons = {
	none: /^403 the client sent no certificate/,
	bob: /^403 the certificate of the client is for "bob"/,
	expired: /^403 the certificate of the client ended on \d{4}-\d\d-\d\d/,
	early: /^403 the certificate of the client is not valid before \d{4}-\d\d-\d\d/,
	foreign:
		/^403 the (certificate of the client is from another authority|client sent no certificate)/,
	server: /^403 the (certificate of the client is not one for clients|client sent no certificate)/,
};

for (const [program, declare, ask, ways] of [
	['curl', onEachLane(needs('curl')), curl, [old, usual, oldHttp2, usualHttp2]],
	['Node.js', onLane('wire', unless(false)), node, [old, usual, oldHttp2, usualHttp2]],
	['Python', onLane('wire', needs('python3')), python, [old, usual]],
	['Java', onLane('wire', needs('java', 'javac')), java, [old, usualHttp2]],
] as const) {
	for (const way of ways) {
		declare(
			`${program} gets in with alice's certificate and with no other: TLS ${way.tls}, HTTP/${way.http}`,
			async t => {
				t.timeout(300_000);
				const stage = await openGuarded(t);
				const names = ['none', ...refused] as const;
				const shown = [stage.clients.alice, undefined, ...refused.map(name => stage.clients[name])];
				const [letIn, ...others] = await ask(t, stage, shown, way);
				t.is(letIn, '200 hello alice');
				for (const [index, name] of names.entries()) {
					t.regex(others[index] ?? '', reasons[name], name);
				}
				t.deepEqual(stage.seen, ['alice'], 'nobody else has reached the backend');
				t.is(stage.tunnel.refusals.get('mtls'), names.length);
			},
		);
	}
}
