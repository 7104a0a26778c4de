import {createPrivateKey, X509Certificate} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../lib/errors.js';
import {renewAuthority} from '../../lib/pki/store/renew-authority.js';
import {type CertificateOrder, writeCertificate} from '../../lib/pki/write-certificate.js';
import {newStore} from '../helpers/stores.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const day = 86_400_000;

async function orderFor(t: ExecutionContext): Promise<CertificateOrder> {
	const {directory} = await newStore(t);
	return {
		subject: {kind: 'server', names: ['localhost']},
		keyType: 'ec',
		days: 365,
		out: join(temporaryDirectory(t), 'out'),
		force: false,
		directory,
	};
}

test('a certificate never outlives the authority, and that is said', async t => {
	const order = await orderFor(t);
	const full = await writeCertificate(order, Date.now() + 3000 * day);
	t.deepEqual(full.warnings, []);
	const cut = await writeCertificate({...order, force: true}, Date.now() + 3500 * day);
	t.deepEqual(cut.warnings, [
		'it ends after 149 days and not 365, since the local authority ends then',
	]);
	const last = await writeCertificate({...order, force: true}, Date.now() + 3640 * day);
	t.regex(last.warnings.join('\n'), /^the local authority expires in 8 days.*sealport trust/);
	const leaf = new X509Certificate(readFileSync(last.files[0] ?? ''));
	t.is(leaf.validTo, new X509Certificate(readFileSync(last.caFile)).validTo);
});

test('nothing comes of an authority that has expired', async t => {
	const order = await orderFor(t);
	const error = await t.throwsAsync(writeCertificate(order, Date.now() + 4000 * day), {
		instanceOf: UserError,
	});
	t.is(error?.code, 'store-unusable');
	t.false(existsSync(order.out));
});

test('of several that write the same files at once one does, and its two files belong together', async t => {
	const order = await orderFor(t);
	mkdirSync(order.out);
	const results = await Promise.allSettled(Array.from({length: 5}, () => writeCertificate(order)));
	t.is(results.filter(({status}) => status === 'fulfilled').length, 1);
	const refused = results.flatMap(result => (result.status === 'rejected' ? result.reason : []));
	t.true(refused.every(error => error instanceof UserError && error.code === 'file-exists'));
	t.deepEqual(readdirSync(order.out).sort(), ['localhost-key.pem', 'localhost.pem']);
	const [chain, key] = ['localhost.pem', 'localhost-key.pem'].map(name =>
		readFileSync(join(order.out, name)),
	);
	t.true(new X509Certificate(chain ?? '').checkPrivateKey(createPrivateKey(key ?? '')));
});

test('a domain that the authority was widened by is allowed, for servers and clients', async t => {
	const order = await orderFor(t);
	const names = ['api.dev.example.com'];
	const server = {...order, subject: {kind: 'server', names}} as const;
	const client = {...order, subject: {kind: 'client', name: 'api.dev.example.com'}} as const;
	for (const wanted of [server, client]) {
		const error = await t.throwsAsync(writeCertificate(wanted), {instanceOf: UserError});
		t.regex(error?.hint ?? '', /sealport trust --certs \S+ --domain api\.dev\.example\.com/);
	}
	await renewAuthority(order.directory, ['dev.example.com']);
	for (const wanted of [server, client]) {
		const {files} = await writeCertificate(wanted);
		const {subjectAltName} = new X509Certificate(readFileSync(files[0] ?? ''));
		t.is(subjectAltName, 'DNS:api.dev.example.com');
	}
	t.deepEqual(
		readdirSync(order.out).filter(name => !name.includes('key')),
		['api.dev.example.com-client.pem', 'api.dev.example.com.pem'],
	);
});
