import {X509Certificate} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {createAuthority} from '../../lib/pki/authority.js';
import {namesOf} from '../../lib/pki/client-certificate.js';
import {clientOf} from '../helpers/client-certificates.js';
import {must} from '../helpers/making.js';
import {needs, unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

/**
 * Makes a certificate by OpenSSL.
 *
 * @param changes what takes the place of other text of the same length, as no program would write it
 */
async function made(
	t: ExecutionContext,
	subject: string,
	alternative: string,
	changes: Readonly<Record<string, string>> = {},
): Promise<X509Certificate> {
	const file = join(temporaryDirectory(t), 'made.der');
	await must('openssl', [
		...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'],
		...['-keyout', '/dev/null', '-outform', 'der', '-out', file, '-subj', subject, '-utf8'],
		...(alternative === '' ? [] : ['-addext', `subjectAltName=${alternative}`]),
	]);
	let der = readFileSync(file).toString('latin1');
	for (const [from, to] of Object.entries(changes)) {
		t.is(from.length, to.length);
		t.true(der.includes(from), from);
		der = der.replaceAll(from, to);
	}
	return new X509Certificate(Buffer.from(der, 'latin1'));
}

const openssl = needs('openssl');

for (const [what, subject, alternative, names, changes] of [
	['the common name first', '/O=x/CN=alice', 'email:a@b.c,DNS:h', ['alice', 'a@b.c', 'h'], {}],
	['no organisation, no address', '/O=alice', 'IP:10.0.0.1,DNS:h', ['h'], {}],
	['a URI', '/O=x', 'URI:spiffe://local/alice', ['spiffe://local/alice'], {}],
	['none', '/O=x', '', [], {}],
	['none of several common names', '/CN=alice/CN=bob', 'DNS:h', ['h'], {}],
	['letters of all kinds', '/CN=Zoë 😀', '', ['Zoë 😀'], {}],
	[
		'a name with a NUL as a whole',
		'/CN=alice.bob',
		'',
		['alice\0bob'],
		{'alice.bob': 'alice\0bob'},
	],
	[
		'an entry that looks like two as one',
		'/O=x',
		'DNS:alice--DNS-bob,DNS:h',
		['alice, DNS:bob', 'h'],
		{'alice--DNS-bob': 'alice, DNS:bob'},
	],
	[
		'an entry with quotes as it is',
		'/O=x',
		'DNS:al-ce--DNS-b-b',
		['al"ce, DNS:b\\b'],
		{'al-ce--DNS-b-b': 'al"ce, DNS:b\\b'},
	],
	[
		'an entry with a NUL as a whole',
		'/O=x',
		'DNS:alice.bob',
		['alice\0bob'],
		{'alice.bob': 'alice\0bob'},
	],
	['a registered number not at all', '/O=x', 'RID:1.2.3,DNS:h', ['h'], {}],
] as const) {
	openssl(`of a certificate's names counts ${what}`, async t => {
		t.deepEqual(namesOf(await made(t, subject, alternative, changes)), [...names]);
	});
}

unless(false)(
	'the names in what sealport cert --client makes begin with the one asked for',
	async t => {
		const authority = await createAuthority(Date.now());
		for (const name of ['alice', 'Zoë, Ltd.', 'jane.doe@localhost', 'billing.internal', 'a" b']) {
			const {cert} = await clientOf(authority, name);
			t.is(namesOf(new X509Certificate(cert))[0], name);
		}
	},
);
