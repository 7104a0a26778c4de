import {createPrivateKey, createPublicKey, type KeyObject, X509Certificate} from 'node:crypto';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createSecureContext, rootCertificates} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {openPkcs12} from '../../lib/pki/pkcs12.js';
import {type Identity, writePkcs12, writeTrustStore} from '../../lib/pki/write-pkcs12.js';
import {makeOwn, must} from '../helpers/making.js';
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
	t.is(stdout.match(/friendlyName: me ü$/gm)?.length, 2);
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
	const read = (secret: string) =>
		run('certtool', ['--inder', '--to-p8', '--p12-info', '--infile', file, '--password', secret]);
	t.regex((await read(passphrase)).stdout, /BEGIN CERTIFICATE[^]*PRIVATE KEY/);
	t.notRegex((await read('wrong')).stdout, /PRIVATE KEY/);
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
