import {createPublicKey, generateKeyPairSync, X509Certificate} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import test from 'ava';
import {issue, toPem} from '../../../lib/pki/certificate.js';
import {permitted, type Subtrees} from '../../../lib/pki/constraints.js';
import {loadDer} from '../../../lib/pki/der.js';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {authorityForTrust} from '../../../lib/pki/trust/authority-for-trust.js';
import {newStore, refusesStore} from '../../helpers/stores.js';

const ours = 'Sealport local CA somebody@somewhere 2026-01-01 abcdef';

/** The content of an authority.pem whose root was made by somebody who keeps its key. */
async function planted(commonName: string, ofRoot?: Subtrees, ofIssuing: Subtrees = permitted) {
	const der = await loadDer();
	const now = Math.floor(Date.now() / 1000) * 1000;
	const life = {notBefore: new Date(now - 1000), notAfter: new Date(now + 86_400_000)};
	const [rootKeys, keys] = [0, 1].map(() => generateKeyPairSync('ec', {namedCurve: 'P-256'}));
	if (rootKeys === undefined || keys === undefined) {
		throw new Error('no keys');
	}
	const root = issue(
		der,
		{
			subject: {organization: 'Sealport', commonName},
			...life,
			profile: {pathLength: 1, ...(ofRoot === undefined ? {} : {constraints: ofRoot})},
			publicKey: rootKeys.publicKey,
		},
		{key: rootKeys.privateKey, certificate: undefined},
	);
	const issuing = issue(
		der,
		{
			subject: {organization: 'Sealport', commonName: 'Sealport issuing CA'},
			...life,
			profile: {pathLength: 0, purposes: ['serverAuth'], constraints: ofIssuing},
			publicKey: createPublicKey(keys.publicKey.export({type: 'spki', format: 'pem'})),
		},
		{key: rootKeys.privateKey, certificate: root},
	);
	const key = keys.privateKey.export({type: 'pkcs8', format: 'pem'});
	return {root: toPem(root), content: `${key}${toPem(issuing)}${toPem(root)}`};
}

const wide = {...permitted, ip: [...permitted.ip, '8.0.0.0/7']};
for (const [what, make] of [
	['that may vouch for everything', () => planted(ours)],
	['that may vouch for more than its issuing CA', () => planted(ours, wide)],
	['that may vouch for public addresses', () => planted(ours, wide, wide)],
	['with a name of its own', () => planted('Another root', permitted)],
] as const) {
	test(`a root ${what} is not believed, and --renew replaces it`, async t => {
		const {directory, file, caFile} = await newStore(t);
		const {root, content} = await make();
		writeFileSync(file, content);
		writeFileSync(caFile, root);
		await refusesStore(t, directory, /its root is not one that Sealport makes|damaged/);
		const wish = {directory, domains: [], dryRun: false, now: Date.now()};
		await t.throwsAsync(authorityForTrust({...wish, renew: false}), {code: 'store-unusable'});
		const renewed = await authorityForTrust({...wish, renew: true});
		t.not(renewed.root.certificate.toString(), new X509Certificate(root).toString());
		await t.notThrowsAsync(openAuthority(directory));
	});
}

test('the same with the right constraints is believed: the control', async t => {
	const {directory, file} = await newStore(t);
	writeFileSync(file, (await planted(ours, permitted)).content);
	await t.notThrowsAsync(openAuthority(directory));
});
