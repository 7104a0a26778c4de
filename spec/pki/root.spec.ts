import {X509Certificate} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createAuthority} from '../../lib/pki/authority.js';
import {isOurs, rootOf} from '../../lib/pki/root.js';
import {certificatesIn} from '../../lib/pki/trust/certificates-in.js';
import {foreign, paperRoot} from '../helpers/paper-root.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

needs('openssl')('a root is known by its SHA-256, from PEM and from DER', async t => {
	const {pem, certificate, fingerprint, name} = await paperRoot();
	const {stdout} = await run('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], {
		input: pem,
	});
	t.is(stdout.trim().split('=')[1]?.replaceAll(':', '').toLowerCase(), fingerprint);
	t.is(name, `sealport-${fingerprint.slice(0, 16)}`);
	t.is(rootOf(pem, '').fingerprint, fingerprint);
	t.is(rootOf(certificate.raw, '').fingerprint, fingerprint);
});

test('ours is a root that a Sealport made, and nothing beneath it', async t => {
	const {root, issuing} = await createAuthority(Date.now());
	t.true(isOurs(root));
	t.false(isOurs(issuing));
	t.false(isOurs(new X509Certificate(foreign)));
});

const subjects: ReadonlyArray<readonly [subject: string, ca: boolean, ours: boolean]> = [
	['/O=Sealport/CN=Sealport local CA me', true, true],
	['/O=Sealport/CN=Sealport local CA me', false, false],
	['/CN=Sealport local CA me', true, false],
	['/O=Other/O=Sealport/CN=Sealport local CA me', true, false],
	['/O=Other/CN=x, O=Sealport, CN=Sealport local CA me', true, false],
	['/O=Sealport/CN=Somebody, CN=Sealport local CA me', true, false],
];

for (const [subject, ca, ours] of subjects) {
	needs('openssl')(`${ours ? 'ours' : 'not ours'}: ${subject}${ca ? '' : ', no CA'}`, async t => {
		t.is(isOurs(await selfSigned(t, subject, ca)), ours);
	});
}

test('certificates are read from PEM and DER, whatever stands around them', async t => {
	const {pem, certificate, fingerprint} = await paperRoot();
	const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
	const found = certificatesIn(`# one\n${pem.replaceAll('\n', '\r\n')}${broken}text\n${foreign}`);
	t.is(found.length, 2);
	t.is(found[0] && rootOf(found[0].raw, '').fingerprint, fingerprint);
	t.is(certificatesIn(certificate.raw).length, 1);
	for (const rubbish of ['', 'rubbish', broken, Buffer.from([0x30, 0x82])]) {
		t.deepEqual(certificatesIn(rubbish), []);
	}
});

async function selfSigned(t: ExecutionContext, subject: string, ca: boolean) {
	const directory = temporaryDirectory(t);
	const [key, cert, config] = ['key', 'cert', 'config'].map(name => join(directory, name)) as [
		string,
		string,
		string,
	];
	writeFileSync(config, '[req]\ndistinguished_name=dn\n[dn]\n');
	const basic = `basicConstraints=critical,CA:${ca ? 'TRUE' : 'FALSE'}`;
	const {code, stderr} = await run('openssl', [
		...['req', '-x509', '-config', config, '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
		...['-nodes', '-keyout', key, '-out', cert, '-subj', subject, '-addext', basic],
	]);
	t.is(code, 0, stderr);
	return new X509Certificate(readFileSync(cert));
}
