import {createPrivateKey, X509Certificate} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {UserError, type UserErrorCode} from '../../lib/errors.js';
import {openCertificates} from '../../lib/pki/certificates.js';
import {openPkcs12} from '../../lib/pki/pkcs12.js';
import {handshake} from '../helpers/clients.js';
import {type Made, makeOwn, must} from '../helpers/making.js';
import {specFile} from '../helpers/owner.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {serveTls} from '../helpers/tls-server.js';

const test = needs('openssl');

const own = new Map<string, Promise<Made>>();

/** One certificate of each kind for all tests of the file: making an RSA key takes its time. */
function ownOf(kind: 'rsa' | 'ec'): Promise<Made> {
	const made = own.get(kind) ?? makeOwn(temporaryDirectory(specFile), kind);
	own.set(kind, made);
	return made;
}

/**
 * The passphrases to try where each takes seconds, since these programs ask for 600,000 rounds. What a
 * passphrase becomes has nothing to do with the kind of the key.
 */
const passphrases = {rsa: ['secret'], ec: ['secret', 'pässwörd €']} as const;

async function refuses(
	t: ExecutionContext,
	file: string,
	passphrase: string | undefined,
	code: UserErrorCode,
	message = /./,
): Promise<void> {
	const error = await t.throwsAsync(openPkcs12(file, passphrase), {instanceOf: UserError});
	t.is(error?.code, code, error?.message);
	t.regex(error?.message ?? '', message);
	t.true(error?.message.includes(file));
	t.truthy(error?.hint);
}

for (const kind of ['rsa', 'ec'] as const) {
	for (const [form, flags] of [
		['modern', []],
		['legacy', ['-legacy']],
		['without a MAC', ['-nomac']],
		['legacy without a MAC', ['-legacy', '-nomac']],
		['with AES-128 and 3DES', ['-keypbe', 'AES-128-CBC', '-certpbe', 'PBE-SHA1-3DES']],
		['with RC2-128', ['-legacy', '-keypbe', 'PBE-SHA1-RC2-128', '-certpbe', 'PBE-SHA1-RC2-128']],
		['with a SHA-512 MAC', ['-macalg', 'sha512']],
		['not encrypted, with a MAC', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
	] as const) {
		test(`openssl pkcs12 ${form}, ${kind}: read with its passphrase and no other`, async t => {
			const {cert, key} = await ownOf(kind);
			const file = join(temporaryDirectory(t), 'file.p12');
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

for (const [form, ciphers] of [
	['as by default', []],
	[
		'with the old algorithms',
		[
			...['-c', 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC'],
			...['-C', 'PKCS #12 V2 PBE With SHA-1 And 40 Bit RC2 CBC'],
		],
	],
] as const) {
	for (const kind of ['rsa', 'ec'] as const) {
		needs(
			'openssl',
			'pk12util',
			'certutil',
		)(`what pk12util writes, ${form}, ${kind}`, async t => {
			const directory = temporaryDirectory(t);
			const {cert, key} = await ownOf(kind);
			const [file, taken] = [join(directory, 'file.p12'), join(directory, 'taken.p12')];
			await must('openssl', [
				...['pkcs12', '-export', '-inkey', key, '-in', cert, '-name', 'me', '-out', taken],
				...['-passout', 'pass:x'],
			]);
			const database = ['-d', `sql:${directory}`];
			await must('certutil', [...database, '-N', '--empty-password']);
			await must('pk12util', [...database, '-i', taken, '-W', 'x']);
			const env = {LC_ALL: 'C.UTF-8'};
			for (const passphrase of passphrases[kind]) {
				const args = [...database, '-o', file, '-n', 'me', '-W', passphrase, ...ciphers];
				t.is((await run('pk12util', args, {env})).code, 0);
				const found = await openPkcs12(file, passphrase);
				t.deepEqual(found.leaf.raw, new X509Certificate(readFileSync(cert)).raw);
				t.true(found.key.equals(createPrivateKey(readFileSync(key))));
				await refuses(t, file, 'wrong', 'passphrase-wrong');
			}
		});
	}
}

for (const kind of ['rsa', 'ec'] as const) {
	needs('openssl', 'certtool')(`what GnuTLS certtool writes, ${kind}`, async t => {
		const {cert, key} = await ownOf(kind);
		const file = join(temporaryDirectory(t), 'file.p12');
		for (const passphrase of passphrases[kind]) {
			for (const cipher of ['aes-256', '3des-pkcs12', 'rc2-40']) {
				await must('certtool', [
					...['--to-p12', '--load-privkey', key, '--load-certificate', cert, '--p12-name', 'me'],
					...['--outder', '--outfile', file, '--password', passphrase, '--pkcs-cipher', cipher],
				]);
				const found = await openPkcs12(file, passphrase);
				t.true(found.key.equals(createPrivateKey(readFileSync(key))), cipher);
				await refuses(t, file, 'wrong', 'passphrase-wrong');
			}
		}
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

/** A file without a MAC, so that what a test changes in it is not noticed by that alone. */
async function unsigned(directory: string, ...flags: readonly string[]): Promise<string> {
	const {cert, key} = await makeOwn(directory, 'ec');
	const file = join(directory, 'file.p12');
	await must('openssl', [
		...['pkcs12', '-export', '-inkey', key, '-in', cert, '-out', file, '-passout', 'pass:x'],
		...['-iter', '70000', ...flags],
	]);
	return file;
}

/** The count of rounds that `unsigned` asks for, as DER, and one of the same length that takes hours. */
const rounds = [Buffer.from('0203011170', 'hex'), Buffer.from('02037fffff', 'hex')] as const;

for (const [what, flags] of [
	['the MAC', ['-maciter', '-keypbe', 'NONE', '-certpbe', 'NONE']],
	['PBKDF2', ['-nomac']],
	['the old key derivation', ['-nomac', '-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES']],
] as const) {
	test(`a count of rounds that would take ever so long is refused: ${what}`, async t => {
		const file = await unsigned(temporaryDirectory(t), ...flags);
		const content = readFileSync(file);
		const at = content.indexOf(rounds[0]);
		t.true(at > 0);
		rounds[1].copy(content, at);
		writeFileSync(file, content);
		await refuses(t, file, 'x', 'certificate-invalid', /8388607 rounds|rounds.*8388607/);
	});
}

test('a file cut off anywhere is refused with a reason', async t => {
	const file = await unsigned(temporaryDirectory(t));
	const content = readFileSync(file);
	for (let size = 0; size < content.length; size += 37) {
		writeFileSync(file, content.subarray(0, size));
		await refuses(t, file, 'x', 'certificate-invalid');
	}
});

test('a file with any byte changed is refused with a reason, or read as it was', async t => {
	const file = await unsigned(temporaryDirectory(t), '-nomac', '-iter', '1');
	const content = readFileSync(file);
	for (let at = 0; at < content.length; at += 3) {
		const changed = Buffer.from(content);
		changed[at] = (changed[at] ?? 0) ^ 0xff;
		writeFileSync(file, changed);
		const error = await openPkcs12(file, 'x').then(
			() => undefined,
			error => error,
		);
		t.true(error === undefined || error instanceof UserError, `byte ${at}: ${error}`);
	}
});

test('a file of ten megabytes, one without an end and one of nothing but brackets are refused', async t => {
	const file = join(temporaryDirectory(t), 'file.p12');
	writeFileSync(file, Buffer.alloc(10_000_000));
	await refuses(t, file, 'x', 'certificate-unreadable', /1048576 bytes/);
	await refuses(t, '/dev/zero', 'x', 'certificate-unreadable', /1048576 bytes/);
	writeFileSync(file, Buffer.alloc(500_000, Buffer.from('3080', 'hex')));
	await refuses(t, file, 'x', 'certificate-invalid', /damaged/);
});

test('a wrong passphrase whose padding looks right by chance is still called that', async t => {
	const directory = temporaryDirectory(t);
	for (const flags of [[], ['-legacy']]) {
		const file = await unsigned(directory, '-nomac', '-iter', '1', ...flags);
		// One in 256 has such a padding, in each part.
		for (let attempt = 0; attempt < 1000; attempt++) {
			await t.throwsAsync(openPkcs12(file, `wrong ${attempt}`), {message: /does not open/});
		}
	}
});
