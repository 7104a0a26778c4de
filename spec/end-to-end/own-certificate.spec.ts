import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';

const at = (name: string) => join(home, name);
const secret = 'sesame-open-wide';

/** Throwaway certificates: own.pem with own.key, encrypted.key, own.p12, and a key of another. */
test.before(async () => {
	// Where it is not installed, the specs that need what it makes are skipped.
	const openssl = (...args: string[]) => run('openssl', args).catch(() => undefined);
	const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
	const of = ['-subj', '/CN=shop.test', '-addext', 'subjectAltName=DNS:shop.test'];
	for (const name of ['own', 'other']) {
		const out = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
		await openssl('req', '-x509', ...ec, ...of, ...out);
	}
	const pass = ['-passout', `pass:${secret}`];
	await openssl('pkcs8', '-topk8', '-in', at('own.key'), '-out', at('encrypted.key'), ...pass);
	const pair = ['-in', at('own.pem'), '-inkey', at('own.key')];
	await openssl('pkcs12', '-export', ...pair, '-out', at('own.p12'), ...pass);
	await writeFile(at('not.pem'), 'nothing of the kind');
});

const served = needs('openssl', 'curl');

for (const [what, ...flags] of [
	['--cert and --key', '--cert', 'own.pem', '--key', 'own.key'],
	['an encrypted --key', '-c', 'own.pem', '-k', 'encrypted.key', '--passphrase', secret],
	['--pfx', '--pfx', 'own.p12', '--passphrase', secret],
]) {
	served(`${what} of one's own is what is served, and no authority is made`, async t => {
		const backend = await startBackend(t, (_request, response) => response.end('hello'));
		const args = [String(backend.port), '--port', '0', '--json', ...flags];
		const sealport = runSealport(t, home, args);
		const {url, ca, port} = await sealport.listening();
		t.is(url, `https://shop.test:${port}`);
		t.is(ca, null);
		const {stdout, stderr} = await run('curl', [
			...['-sS', '--noproxy', '*', '--cacert', at('own.pem')],
			...['--resolve', `shop.test:${port}:127.0.0.1`, url],
		]);
		t.is(stdout, 'hello', stderr);
		t.false(`${sealport.stdout}${sealport.stderr}`.includes(secret));
	});
}

const withOpenssl = needs('openssl');

for (const [code, telling, ...flags] of [
	[1, /cert: .*missing\.pem: no such file/, '--cert', 'missing.pem', '--key', 'own.key'],
	[1, /key: .*missing\.key: no such file/, '--cert', 'own.pem', '--key', 'missing.key'],
	[1, /other\.key .*own\.pem/, '--cert', 'own.pem', '--key', 'other.key'],
	[1, /cert: .*not\.pem: .*hint: .*openssl x509/s, '--cert', 'not.pem', '--key', 'own.key'],
	[1, /key: .*not\.pem: /, '--cert', 'own.pem', '--key', 'not.pem'],
	[1, /encrypted\.key .*hint: .*--passphrase/s, '--cert', 'own.pem', '--key', 'encrypted.key'],
	[1, /own\.p12.*hint: .*--passphrase/s, '--pfx', 'own.p12', '--passphrase', 'not-the-word'],
	[1, /pfx: .*not\.pem/, '--pfx', 'not.pem'],
	[2, /cert: .*"own\.pem".*hint: .*--key/s, '--cert', 'own.pem'],
	[2, /key: .*"own\.key".*hint: .*--cert/s, '--key', 'own.key'],
	[2, /cert and key and pfx/, '--cert', 'own.pem', '--key', 'own.key', '--pfx', 'own.p12'],
	[2, /pfx and self-signed/, '--pfx', 'own.p12', '--self-signed'],
] as const) {
	withOpenssl(`exit ${code}: ${flags.join(' ')}`, async t => {
		const sealport = runSealport(t, home, ['3000', '--port', '0', ...flags]);
		t.is(await sealport.ended, code, sealport.stderr);
		t.is(sealport.stdout, '');
		t.regex(sealport.stderr, /^error: [^\n]+\nhint: [^\n]+\n$/);
		t.regex(sealport.stderr, telling);
		t.false(sealport.stderr.includes('not-the-word'));
	});
}
