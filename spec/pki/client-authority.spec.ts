import {randomBytes, X509Certificate} from 'node:crypto';
import {existsSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {createAuthority} from '../../lib/pki/authority.js';
import {openClientAuthority} from '../../lib/pki/client-authority.js';
import {newKeys} from '../../lib/pki/key-type.js';
import {clientOf} from '../helpers/client-certificates.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const day = 86_400_000;
const authority = await createAuthority(Date.now());
const another = await createAuthority(Date.now());
const {privateKey} = newKeys('ec');
const key = privateKey.export({type: 'pkcs8', format: 'pem'}).toString();
const {cert: leaf} = await clientOf(authority, 'alice');

function fileOf(t: ExecutionContext, content: string | Buffer): string {
	const file = join(temporaryDirectory(t), 'clients.pem');
	writeFileSync(file, content);
	return file;
}

const openFile = (file: string, now?: number) =>
	openClientAuthority(file, {kind: 'own', cert: 'none', key: 'none'}, now);

test('every certificate of the file is one of the authorities, whatever stands between them', async t => {
	const file = fileOf(t, `first\n${authority.root}second\r\n${another.root}${another.issuing}`);
	const {certificates, warnings} = await openFile(file);
	t.deepEqual(
		certificates.map(text => new X509Certificate(text).fingerprint256),
		[authority.root, another.root, another.issuing].map(({fingerprint256}) => fingerprint256),
	);
	t.deepEqual(warnings, []);
});

test('another file of the same certificates is the same authority, of others it is not', async t => {
	const {id} = await openFile(fileOf(t, authority.root.toString()));
	t.is((await openFile(fileOf(t, `\n\n${authority.root}`))).id, id);
	t.not((await openFile(fileOf(t, another.root.toString()))).id, id);
	t.not((await openFile(fileOf(t, `${authority.root}${another.root}`))).id, id);
});

test('without a file it is the local authority, which is made where there is none', async t => {
	const directory = join(temporaryDirectory(t), 'store');
	const choice = {kind: 'authority', directory} as const;
	const {certificates, id} = await openClientAuthority(undefined, choice);
	t.true(existsSync(join(directory, 'authority.pem')));
	t.is(certificates.length, 2);
	t.is((await openClientAuthority(undefined, choice)).id, id);
});

for (const choice of [
	{kind: 'own', cert: 'a', key: 'b'},
	{kind: 'pfx', pfx: 'a'},
	{kind: 'self-signed', directory: 'a'},
] as const) {
	test(`beside ${choice.kind} a file has to be named`, async t => {
		const error = await t.throwsAsync(openClientAuthority(undefined, choice), {
			code: 'option-invalid',
		});
		t.regex((error as Error & {hint: string}).hint, /--client-ca/);
	});
}

test('an authority that has ended is warned of', async t => {
	const old = await createAuthority(Date.now() - 4000 * day);
	const {warnings} = await openFile(fileOf(t, `${authority.root}${old.root}`));
	t.is(warnings.length, 1);
	t.regex(warnings[0] ?? '', /Sealport local CA .* ended on/);
});

for (const [what, content, reason] of [
	['nothing', '', /no certificate in PEM/],
	['DER', authority.root.raw, /no certificate in PEM/],
	['noise', randomBytes(500), /no certificate in PEM/],
	['a damaged certificate', authority.root.toString().replace('MII', 'AAA'), /damaged/],
	['a certificate of a client', leaf, /"O=Sealport, CN=alice" in it is not that of an authority/],
	['one among authorities', `${authority.root}${leaf}`, /not that of an authority/],
	[
		'an authority without the one above it',
		`${another.root}${authority.issuing}`,
		/signed by another, which is not in it/,
	],
	['a key', `${authority.root}${key}`, /private key/],
	[
		'a key in the old form',
		`${authority.root}${key.replaceAll(' PRIV', ' EC PRIV')}`,
		/private key/,
	],
] as const) {
	test(`a file that holds ${what} is refused`, async t => {
		const file = fileOf(t, content);
		await t.throwsAsync(openFile(file), {code: 'certificate-invalid', message: reason});
		const error = await t.throwsAsync(openFile(file));
		t.true(error?.message.startsWith('client-ca: '));
		t.notRegex(error?.message ?? '', /MII/);
	});
}

test('a file that is not there is refused', async t => {
	const file = join(temporaryDirectory(t), 'none.pem');
	await t.throwsAsync(openFile(file), {code: 'certificate-unreadable', message: /^client-ca: /});
	await t.throwsAsync(openFile(temporaryDirectory(t)), {code: 'certificate-unreadable'});
});
