import {readFileSync} from 'node:fs';
import type {ServerResponse} from 'node:http';
import {dirname, join} from 'node:path';
import {startBackend} from '../helpers/backend.js';
import {runSealport, spawnProgram} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {needs, unless} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {tlsClients} from '../helpers/tls-clients.js';
import {startTunnel} from '../helpers/tunnel.js';

/** What git takes for a repository with one branch; any other client is content with it. */
const answer = (_request: unknown, response: ServerResponse) =>
	response.end(`${'1'.repeat(40)}\trefs/heads/main\n`);

for (const {name, missing, command} of tlsClients) {
	unless(missing)(
		`${name} refuses without the variables of sealport env, accepts under them`,
		async t => {
			const {port: backend} = await startBackend(t, answer);
			const {port, caFile = ''} = await startTunnel(t, backend);
			const [program = '', ...args] = command(t, port);
			const without = spawnProgram(t, home, program, args);
			t.not(await without.ended, 0, 'refused');
			t.regex(without.stdout + without.stderr, /certificat|PKIX|authority/i);
			const under = ['env', '--certs', dirname(caFile), '--', program, ...args];
			const within = runSealport(t, home, under);
			t.is(await within.ended, 0, within.stdout + within.stderr);
		},
	);
}

needs('openssl')('public roots are trusted under the variables as before', async t => {
	const {caFile = ''} = await startTunnel(t, 1);
	const printed = runSealport(t, home, ['env', '--json', '--certs', dirname(caFile)]);
	t.is(await printed.ended, 0, printed.stderr);
	const bundle = JSON.parse(printed.stdout).SSL_CERT_FILE;
	t.is(bundle, join(dirname(caFile), 'bundle.pem'));
	const count = (file: string) => readFileSync(file, 'utf8').split('BEGIN CERTIFICATE').length - 1;
	const system = '/etc/ssl/certs/ca-certificates.crt';
	t.is(count(bundle), count(system) + 1);
	// Roots sign themselves: each is good where it is trusted, and nowhere else.
	const {code, stdout, stderr} = await run('openssl', [
		...['verify', '-no-CApath', '-no-CAstore', '-CAfile', bundle, system],
	]);
	t.is(code, 0, stdout + stderr);
});

needs('keytool')('Java keeps the public roots', async t => {
	const {caFile = ''} = await startTunnel(t, 1);
	const printed = runSealport(t, home, ['env', '--json', '--certs', dirname(caFile)]);
	t.is(await printed.ended, 0, printed.stderr);
	const {SSL_CERT_FILE: bundle, JAVA_TOOL_OPTIONS: options} = JSON.parse(printed.stdout);
	const roots = readFileSync(bundle, 'utf8').split('BEGIN CERTIFICATE').length - 1;
	const file = /trustStore=(\S+)/.exec(options)?.[1] ?? '';
	const {stdout} = await run('keytool', ['-list', '-storepass', 'changeit', '-keystore', file], {
		env: {LC_ALL: 'C'},
	});
	t.regex(stdout, new RegExp(`contains ${roots} entries`));
	t.is(stdout.split('trustedCertEntry').length - 1, roots);
});
