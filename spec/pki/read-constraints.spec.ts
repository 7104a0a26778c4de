import {X509Certificate} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {createAuthority} from '../../lib/pki/authority.js';
import {permitted} from '../../lib/pki/constraints.js';
import {readConstraints} from '../../lib/pki/read-constraints.js';
import {must} from '../helpers/making.js';
import {needs} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

for (const [what, subtrees] of [
	['the local names and addresses', permitted],
	['a domain more', {...permitted, dns: [...permitted.dns, 'dev.example.com']}],
	['odd networks', {dns: ['x'], ip: ['0.0.0.0/0', '10.1.2.3/32', '::/0', '2001:db8::/33']}],
] as const) {
	test(`what a CA may vouch for is read as it was written: ${what}`, async t => {
		const {root, issuing, constraints} = await createAuthority(Date.now(), subtrees);
		t.deepEqual(readConstraints(root), subtrees);
		t.deepEqual(readConstraints(issuing), subtrees);
		t.deepEqual(constraints, subtrees);
	});
}

for (const [what, line] of [
	['none', ''],
	['such that are not critical', 'nameConstraints=permitted;DNS:localhost'],
	['an exclusion alone', 'nameConstraints=critical,excluded;DNS:com'],
	[
		'an exclusion besides',
		'nameConstraints=critical,permitted;DNS:localhost,excluded;DNS:x.localhost',
	],
	['mail addresses', 'nameConstraints=critical,permitted;email:localhost'],
] as const) {
	needs('openssl')(
		`name constraints that Sealport does not write are refused: ${what}`,
		async t => {
			const room = temporaryDirectory(t);
			const [config, file] = [join(room, 'config'), join(room, 'ca.pem')];
			const lines = [
				'[req]',
				'distinguished_name=dn',
				'[dn]',
				'[ext]',
				'basicConstraints=CA:TRUE',
				line,
			];
			writeFileSync(config, lines.join('\n'));
			await must('openssl', [
				...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'],
				...['-subj', '/CN=x', '-config', config, '-extensions', 'ext'],
				...['-keyout', join(room, 'key.pem'), '-out', file],
			]);
			const certificate = new X509Certificate(readFileSync(file));
			t.throws(() => readConstraints(certificate), {instanceOf: TypeError});
		},
	);
}
