import {existsSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {UserError} from '../../lib/errors.js';
import {openCertificates} from '../../lib/pki/certificates.js';
import {chooseCertificate} from '../../lib/pki/choice.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const directory = 'store';

test('options choose one kind of certificate', t => {
	t.deepEqual(chooseCertificate({directory}), {kind: 'authority', directory});
	t.deepEqual(chooseCertificate({directory, selfSigned: true}), {kind: 'self-signed', directory});
	t.deepEqual(chooseCertificate({directory, cert: 'c', key: 'k'}), {
		kind: 'own',
		cert: 'c',
		key: 'k',
	});
	t.deepEqual(chooseCertificate({directory, pfx: 'p', passphrase: 's'}), {
		kind: 'pfx',
		pfx: 'p',
		passphrase: 's',
	});
});

test('options that contradict or lack each other are refused', t => {
	for (const [options, message] of [
		[{cert: 'c'}, /^cert: given without a key/],
		[{key: 'k'}, /^key: given without a cert/],
		[{cert: 'c', key: 'k', pfx: 'p'}, /^cert and key and pfx: only one/],
		[{selfSigned: true, pfx: 'p'}, /^pfx and self-signed: only one/],
		[{selfSigned: true, cert: 'c'}, /only one/],
		[{passphrase: 'secret'}, /^passphrase: given without a key/],
	] as const) {
		const error = t.throws(() => chooseCertificate({directory, ...options}), {
			instanceOf: UserError,
		});
		t.is(error?.code, 'option-invalid');
		t.regex(error?.message ?? '', message);
		t.notRegex(`${error?.message}${error?.hint}`, /secret/);
	}
});

test('a name outside the constraints is refused before anything is made', async t => {
	const store = join(temporaryDirectory(t), 'store');
	const names = ['localhost', 'bank.example'];
	const error = await t.throwsAsync(
		openCertificates({kind: 'authority', directory: store}, names, () => true),
		{instanceOf: UserError},
	);
	t.is(error?.code, 'name-outside-constraints');
	t.false(existsSync(store));
});

test('the authority warns from 30 days before its end', async t => {
	const choice = {kind: 'authority', directory: join(temporaryDirectory(t), 'store')} as const;
	const open = (days: number) =>
		openCertificates(
			choice,
			['localhost'],
			() => true,
			() => Date.now() + days * 86_400_000,
		);
	t.deepEqual((await open(0)).warnings, []);
	const {warnings, ca, caFile, vouchesFor} = await open(3630);
	t.regex(warnings.join(), /^the local authority expires in 18 days, on/);
	t.regex(ca ?? '', /^-----BEGIN CERTIFICATE/);
	t.is(caFile, join(choice.directory, 'ca.pem'));
	t.false(vouchesFor('localhost'));
});
