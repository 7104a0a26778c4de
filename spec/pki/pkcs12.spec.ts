import {createPrivateKey, X509Certificate} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {UserError, type UserErrorCode} from '../../lib/errors.js';
import {openCertificates} from '../../lib/pki/certificates.js';
import {openPkcs12} from '../../lib/pki/pkcs12.js';
import {handshake} from '../helpers/clients.js';
import {makeOwn, must} from '../helpers/making.js';
import {needs} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {serveTls} from '../helpers/tls-server.js';

const test = needs('openssl');

async function refuses(
	t: ExecutionContext,
	file: string,
	passphrase: string | undefined,
	code: UserErrorCode,
): Promise<void> {
	const error = await t.throwsAsync(openPkcs12(file, passphrase), {instanceOf: UserError});
	t.is(error?.code, code, error?.message);
	t.true(error?.message.includes(file));
	t.truthy(error?.hint);
}

for (const kind of ['rsa', 'ec'] as const) {
	for (const [form, flags] of [
		['modern', []],
		['legacy', ['-legacy']],
		['without a MAC', ['-nomac']],
		['with a SHA-512 MAC', ['-macalg', 'sha512']],
		['not encrypted, with a MAC', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
	] as const) {
		test(`openssl pkcs12 ${form}, ${kind}: read with its passphrase and no other`, async t => {
			const directory = temporaryDirectory(t);
			const {cert, key} = await makeOwn(directory, kind);
			const file = join(directory, 'file.p12');
			for (const passphrase of ['secret', 'pässwörd €', '']) {
				await must('openssl', [
					...['pkcs12', '-export', ...flags, '-inkey', key, '-in', cert, '-name', 'me'],
					...['-out', file, '-passout', `pass:${passphrase}`],
				]);
				const found = await openPkcs12(file, passphrase);
				t.deepEqual(found.leaf.raw, new X509Certificate(readFileSync(cert)).raw);
				t.true(found.key.equals(createPrivateKey(readFileSync(key))));
				await refuses(t, file, 'wrong', 'passphrase-wrong');
				if (passphrase !== '') {
					await refuses(t, file, undefined, 'passphrase-wrong');
				}
			}
		});
	}

	needs('openssl', 'keytool')(`a keystore of keytool, ${kind}: read and served`, async t => {
		const file = join(temporaryDirectory(t), 'store.p12');
		const algorithm =
			kind === 'rsa' ? ['RSA', '-keysize', '2048'] : ['EC', '-groupname', 'secp256r1'];
		await must('keytool', [
			...['-genkeypair', '-alias', 'me', '-keyalg', ...algorithm, '-dname', 'CN=me'],
			...['-ext', 'san=dns:dev.test', '-storetype', 'PKCS12', '-keystore', file],
			...['-storepass', 'secret1'],
		]);
		const choice = {kind: 'pfx', pfx: file, passphrase: 'secret1'} as const;
		const certificates = await openCertificates(choice, [], () => false);
		t.true(certificates.vouchesFor('dev.test'));
		t.false(certificates.vouchesFor('localhost'));
		const socket = await handshake(await serveTls(t, certificates), undefined, 'dev.test');
		t.is(socket.getPeerX509Certificate()?.subjectAltName, 'DNS:dev.test');
		socket.destroy();
		await refuses(t, file, 'secret2', 'passphrase-wrong');
	});
}

test('the chain comes leaf first, issuers after it', async t => {
	const directory = temporaryDirectory(t);
	const root = await makeOwn(directory, 'rsa', 'root');
	const leaf = await makeOwn(directory, 'ec', 'leaf');
	const request = join(directory, 'leaf.csr');
	const signed = join(directory, 'signed.crt');
	await must('openssl', ['req', '-new', '-key', leaf.key, '-subj', '/CN=leaf', '-out', request]);
	await must('openssl', [
		...['x509', '-req', '-in', request, '-CA', root.cert, '-CAkey', root.key, '-out', signed],
	]);
	const all = join(directory, 'all.pem');
	writeFileSync(all, readFileSync(root.cert, 'utf8') + readFileSync(signed, 'utf8'));
	const file = join(directory, 'file.p12');
	await must('openssl', [
		...['pkcs12', '-export', '-inkey', leaf.key, '-in', all, '-out', file, '-passout', 'pass:x'],
	]);
	const {chain} = await openPkcs12(file, 'x');
	t.deepEqual(
		chain.map(({subject}) => subject),
		['CN=leaf', 'CN=common.example'],
	);
});

test('what is no PKCS#12 file, or lacks a part, is named', async t => {
	const directory = temporaryDirectory(t);
	const {cert, key} = await makeOwn(directory, 'ec');
	await refuses(t, cert, undefined, 'certificate-invalid');
	await refuses(t, join(directory, 'missing.p12'), undefined, 'certificate-unreadable');
	const der = join(directory, 'cert.der');
	await must('openssl', ['x509', '-in', cert, '-outform', 'der', '-out', der]);
	await refuses(t, der, undefined, 'certificate-invalid');
	const file = join(directory, 'file.p12');
	const to = ['-out', file, '-passout', 'pass:x'];
	await must('openssl', ['pkcs12', '-export', '-nokeys', '-in', cert, ...to]);
	await refuses(t, file, 'x', 'certificate-invalid');
	await must('openssl', ['pkcs12', '-export', '-inkey', key, '-in', cert, ...to]);
	writeFileSync(file, readFileSync(file).subarray(0, 500));
	await refuses(t, file, 'x', 'certificate-invalid');
	writeFileSync(file, '');
	await refuses(t, file, 'x', 'certificate-invalid');
});
