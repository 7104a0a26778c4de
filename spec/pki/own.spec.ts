import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {UserError, type UserErrorCode} from '../../lib/errors.js';
import {openCertificates} from '../../lib/pki/certificates.js';
import type {CertificateChoice} from '../../lib/pki/choice.js';
import {handshake} from '../helpers/clients.js';
import {makeOwn, must} from '../helpers/making.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {serveTls} from '../helpers/tls-server.js';

const test = needs('openssl');
const day = 86_400_000;
const open = (choice: CertificateChoice, now?: () => number) =>
	openCertificates(choice, ['localhost'], () => false, now);

async function refuses(
	t: ExecutionContext,
	own: {cert: string; key: string; passphrase?: string},
	code: UserErrorCode,
	...mentioned: readonly string[]
): Promise<void> {
	const error = await t.throwsAsync(open({kind: 'own', ...own}), {instanceOf: UserError});
	t.is(error?.code, code, error?.message);
	for (const text of mentioned) {
		t.true(error?.message.includes(text), `${error?.message} mentions ${text}`);
	}
	t.truthy(error?.hint);
	const all = `${error?.message}${error?.hint}${String(error?.cause)}`;
	t.notRegex(all, /[A-Za-z\d+/]{60}|open sesame/, 'no key, no passphrase');
}

for (const kind of ['rsa', 'ec'] as const) {
	test(`an own ${kind} certificate is served for every server name`, async t => {
		const {cert, key} = await makeOwn(temporaryDirectory(t), kind);
		const certificates = await open({kind: 'own', cert, key});
		t.is(certificates.ca, undefined);
		t.is(certificates.caFile, undefined);
		t.deepEqual(certificates.warnings, []);
		const port = await serveTls(t, certificates);
		for (const name of ['dev.test', 'a.example.com']) {
			const socket = await handshake(port, readFileSync(cert, 'utf8'), name);
			t.true(socket.authorized, name);
			socket.destroy();
		}
	});
}

test('a certificate vouches for its alternative names, a wildcard for one label', async t => {
	const certificates = await open({kind: 'own', ...(await makeOwn(temporaryDirectory(t), 'ec'))});
	for (const host of ['dev.test', 'DEV.test', 'a.example.com', '10.0.0.1', '::1', '[::1]']) {
		t.true(certificates.vouchesFor(host), host);
	}
	for (const host of [
		...['example.com', 'a.b.example.com', '.example.com', '*.example.com', 'a.dev.test', ''],
		...['common.example', '10.0.0.2', '::2', 'localhost', 'a\u0000.example.com', 'dev.test\u0000'],
	]) {
		t.false(certificates.vouchesFor(host), host);
	}
});

test('a chain is served leaf first, in whatever order the file has it', async t => {
	const directory = temporaryDirectory(t);
	const leaf = await makeOwn(directory, 'ec');
	const ca = await makeOwn(directory, 'rsa', 'ca', 'DNS:ca.test');
	const request = join(directory, 'leaf.csr');
	const signed = join(directory, 'signed.crt');
	await must('openssl', ['req', '-new', '-key', leaf.key, '-subj', '/CN=x', '-out', request]);
	await must('openssl', [
		...['x509', '-req', '-in', request, '-CA', ca.cert, '-CAkey', ca.key, '-out', signed],
	]);
	const file = join(directory, 'chain.pem');
	writeFileSync(
		file,
		`Bag Attributes\r\n${readFileSync(ca.cert, 'utf8')}${readFileSync(signed, 'utf8')}`,
	);
	const port = await serveTls(t, await open({kind: 'own', cert: file, key: leaf.key}));
	const socket = await handshake(port, undefined, 'x.test');
	const peer = socket.getPeerCertificate(true);
	socket.destroy();
	t.is(peer.subject.CN, 'x');
	t.is(peer.issuerCertificate.subject.CN, 'common.example');
});

test('encrypted keys open with their passphrase and with no other', async t => {
	const directory = temporaryDirectory(t);
	const {cert, key} = await makeOwn(directory, 'rsa');
	const modern = join(directory, 'modern.key');
	const old = join(directory, 'old.key');
	const secret = ['-passout', 'pass:open sesame'];
	await must('openssl', ['pkcs8', '-topk8', '-in', key, '-out', modern, ...secret]);
	await must('openssl', ['rsa', '-traditional', '-aes128', '-in', key, '-out', old, ...secret]);
	for (const encrypted of [modern, old]) {
		await t.notThrowsAsync(open({kind: 'own', cert, key: encrypted, passphrase: 'open sesame'}));
		await refuses(t, {cert, key: encrypted, passphrase: 'nope'}, 'passphrase-wrong', encrypted);
		await refuses(t, {cert, key: encrypted}, 'passphrase-wrong', encrypted, 'no passphrase');
	}
});

test('what is wrong with own files is named', async t => {
	const directory = temporaryDirectory(t);
	const own = await makeOwn(directory, 'ec');
	const other = await makeOwn(directory, 'rsa');
	const missing = join(directory, 'missing.pem');
	const der = join(directory, 'cert.der');
	await must('openssl', ['x509', '-in', own.cert, '-outform', 'der', '-out', der]);
	const broken = join(directory, 'broken.pem');
	writeFileSync(broken, readFileSync(own.cert, 'utf8').replace(/^M.{9}/m, 'MAAAAAAAAA'));
	const brokenKey = join(directory, 'broken.key');
	writeFileSync(brokenKey, readFileSync(own.key, 'utf8').replace(/^M.{9}/m, 'MAAAAAAAAA'));

	await refuses(t, {...own, cert: missing}, 'certificate-unreadable', 'cert', missing, 'ENOENT');
	await refuses(t, {...own, key: missing}, 'certificate-unreadable', 'key', missing, 'ENOENT');
	await refuses(t, {...own, cert: directory}, 'certificate-unreadable', directory, 'EISDIR');
	await refuses(t, {...own, cert: der}, 'certificate-invalid', der, 'no certificate in PEM');
	await refuses(t, {...own, cert: own.key}, 'certificate-invalid', own.key);
	await refuses(t, {...own, key: own.cert}, 'certificate-invalid', own.cert, 'no private key');
	await refuses(t, {...own, cert: broken}, 'certificate-invalid', broken, 'damaged');
	await refuses(t, {...own, key: brokenKey}, 'certificate-invalid', brokenKey, 'damaged');
	await refuses(t, {...own, key: other.key}, 'key-mismatch', own.cert, other.key);
});

test('a file without the right to read it is named', async t => {
	const {cert, key} = await makeOwn(temporaryDirectory(t), 'ec');
	// Root may read everything, so a child of a user without rights does the reading there.
	const uid = process.getuid?.() === 0 ? 65_534 : undefined;
	const script = fileURLToPath(new URL('../helpers/open-own.js', import.meta.url));
	await must('chmod', ['000', key]);
	const {stdout, stderr} = await run(process.execPath, [script, cert, key, String(uid ?? '')]);
	t.is(
		stdout,
		`certificate-unreadable key: cannot read ${key}: permission denied (EACCES)\n`,
		stderr,
	);
});

test('expired and expiring certificates are served, with a warning', async t => {
	const {cert, key} = await makeOwn(temporaryDirectory(t), 'ec');
	const warnings = async (days: number) =>
		(await open({kind: 'own', cert, key}, () => Date.now() + days * day)).warnings.join();
	t.is(await warnings(29), '');
	t.regex(await warnings(31), /ec\.crt expires in 28 days, on/);
	t.regex(await warnings(61), /ec\.crt expired on .*: clients refuse it/);
	t.regex(await warnings(-1), /ec\.crt is valid only from/);
});
