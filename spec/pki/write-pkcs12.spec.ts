import {
	createHash,
	createPrivateKey,
	createPublicKey,
	type KeyObject,
	X509Certificate,
} from 'node:crypto';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createSecureContext, rootCertificates} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {createAuthority} from '../../lib/pki/authority.js';
import {loadDer} from '../../lib/pki/der.js';
import {newKeys} from '../../lib/pki/key-type.js';
import {createLeaf} from '../../lib/pki/leaf.js';
import {parseName} from '../../lib/pki/names.js';
import {pemBlocks} from '../../lib/pki/pem.js';
import {openPkcs12} from '../../lib/pki/pkcs12.js';
import {type Identity, writePkcs12, writeTrustStore} from '../../lib/pki/write-pkcs12.js';
import {must} from '../helpers/making.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/** A file as we write it, and what went into it. */
interface Written {
	readonly file: string;
	readonly identity: Identity;
	readonly passphrase: string;
}

/** Asserts that a reader finds the key and the certificates, and that it does not without the passphrase. */
type Reader = (t: ExecutionContext, written: Written) => Promise<void>;

const same = (key: KeyObject, text: string) => createPrivateKey(text).equals(key);

const openssl: Reader = async (t, {file, identity, passphrase}) => {
	const read = (secret: string) =>
		run('openssl', ['pkcs12', '-in', file, '-passin', `pass:${secret}`, '-nodes']);
	const {stdout} = await read(passphrase);
	t.true(same(identity.key, stdout));
	t.is(stdout.match(/BEGIN CERTIFICATE/g)?.length, 2);
	t.is(stdout.match(/friendlyName: me /g)?.length, 2);
	t.is(stdout.match(/localKeyID/g)?.length, 2);
	t.not((await read('wrong')).code, 0);
};

const keytool: Reader = async (t, {file, identity, passphrase}) => {
	const list = (secret: string) =>
		run('keytool', ['-list', '-v', '-keystore', file, '-storepass', secret]);
	const {stdout} = await list(passphrase);
	t.regex(stdout, /^Your keystore contains 1 entry$/m);
	t.regex(stdout, /^Alias name: me/m);
	t.regex(stdout, /^Entry type: PrivateKeyEntry$/m);
	t.regex(stdout, /^Certificate chain length: 2$/m);
	t.true(stdout.includes(identity.chain[0]?.fingerprint256 ?? 'none'));
	t.not((await list('wrong1')).code, 0);
	const copy = `${file}.copy`;
	await must('keytool', [
		...['-importkeystore', '-noprompt', '-srckeystore', file, '-srcstorepass', passphrase],
		...['-destkeystore', copy, '-deststoretype', 'PKCS12', '-deststorepass', 'secret2'],
	]);
	t.true((await openPkcs12(copy, 'secret2')).key.equals(identity.key), 'Java read the key, too');
};

const pk12util: Reader = async (t, {file, identity, passphrase}) => {
	const database = `${file}.db`;
	mkdirSync(database);
	await must('certutil', ['-d', `sql:${database}`, '-N', '--empty-password']);
	const load = (secret: string) =>
		run('pk12util', ['-d', `sql:${database}`, '-i', file, '-W', secret], {
			env: {LC_ALL: 'C.UTF-8'},
		});
	t.not((await load('wrong')).code, 0);
	const {code, stderr} = await load(passphrase);
	t.is(code, 0, stderr);
	t.regex(await must('certutil', ['-d', `sql:${database}`, '-L']), /^me ü +u,u,u$/m);
	const keys = await must('certutil', ['-d', `sql:${database}`, '-K']);
	t.regex(keys, identity.key.asymmetricKeyType === 'rsa' ? / rsa .*me ü/ : / ec .*me ü/);
};

const certtool: Reader = async (t, {file, identity, passphrase}) => {
	const read = (secret: string, ...what: string[]) =>
		run('certtool', [...what, '--infile', file, '--password', secret]);
	const {stdout} = await read(passphrase, '--p12-info', '--inder');
	t.is(stdout.match(/BEGIN CERTIFICATE/g)?.length, 2);
	t.regex(stdout, /Friendly name: me ü/);
	t.not((await read('wrong', '--p12-info', '--inder')).code, 0);
	// It shows the key as it lies in the file; to decrypt it takes a second call.
	const key = pemBlocks(stdout).find(({label}) => label.endsWith('KEY'));
	const opened = await run('certtool', ['--key-info', '--pkcs8', '--password', passphrase], {
		input: key?.text ?? '',
	});
	const spki = createPublicKey(identity.key).export({type: 'spki', format: 'der'});
	const id = createHash('sha256').update(spki).digest('hex');
	t.regex(opened.stdout, new RegExp(`Public Key ID:\\s+sha256:${id}`));
};

const node: Reader = async (t, {file, passphrase}) => {
	const pfx = readFileSync(file);
	t.notThrows(() => createSecureContext({pfx, passphrase}));
	t.throws(() => createSecureContext({pfx, passphrase: 'wrong'}), {message: /mac verify failure/});
};

const sealport: Reader = async (t, {file, identity, passphrase}) => {
	const found = await openPkcs12(file, passphrase);
	t.true(found.key.equals(identity.key));
	t.deepEqual(
		found.chain.map(({raw}) => raw),
		identity.chain.map(({raw}) => raw),
	);
	await t.throwsAsync(openPkcs12(file, 'wrong'), {message: /passphrase does not open/});
};

const readers = {
	openssl: [openssl, needs('openssl')],
	keytool: [keytool, needs('keytool')],
	'NSS pk12util': [pk12util, needs('pk12util', 'certutil')],
	'GnuTLS certtool': [certtool, needs('certtool')],
	'Node.js': [node, needs()],
	'sealport --pfx': [sealport, needs()],
} as const;

const der = await loadDer();
const authority = await createAuthority(Date.now());

function identityOf(kind: 'ec' | 'rsa'): Identity {
	const options = {keys: newKeys(kind)};
	const {key, chain} = createLeaf(der, authority, [parseName('dev.test')], Date.now(), options);
	return {
		key: createPrivateKey(key),
		chain: pemBlocks(chain).map(({text}) => new X509Certificate(text)),
		name: 'me ü',
	};
}

for (const strength of ['modern', 'legacy'] as const) {
	for (const kind of ['ec', 'rsa'] as const) {
		const identity = identityOf(kind);
		for (const passphrase of ['secret1', 'pässwörd €', '🔑🔑🔑']) {
			const content = await writePkcs12(identity, passphrase, strength);
			for (const [program, [read, test]] of Object.entries(readers)) {
				// Java takes no passphrases beyond ASCII.
				if (program !== 'keytool' || passphrase === 'secret1') {
					test(`${program} opens with "${passphrase}" what we write: ${kind}, ${strength}`, async t => {
						const file = join(temporaryDirectory(t), 'file.p12');
						writeFileSync(file, content);
						await read(t, {file, identity, passphrase});
					});
				}
			}
		}
	}
}

needs('keytool')(
	'Java takes a file of certificates for a trust store, with a password and without',
	async t => {
		const file = join(temporaryDirectory(t), 'trust.p12');
		const certificates = rootCertificates.slice(0, 149).map(pem => new X509Certificate(pem));
		const trusted = [authority.root, ...certificates].map((certificate, index) => ({
			certificate,
			name: `Ä authority ${index}`,
		}));
		writeFileSync(file, await writeTrustStore(trusted));
		for (const password of [['-storepass', 'changeit'], []]) {
			const {stdout} = await run('keytool', ['-list', '-v', '-keystore', file, ...password]);
			t.is(stdout.match(/^Entry type: trustedCertEntry$/gm)?.length, trusted.length);
			for (const {certificate} of trusted) {
				t.true(stdout.includes(certificate.fingerprint256));
			}
		}
	},
);
