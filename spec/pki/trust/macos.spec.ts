import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../../lib/errors.js';
import {findMacos} from '../../../lib/pki/trust/macos.js';
import type {Place} from '../../../lib/pki/trust/place.js';
import {commandLine} from '../../../lib/pki/trust/step.js';
import {foreign, paperRoot} from '../../helpers/paper-root.js';
import {type Script, scriptedMachine} from '../../helpers/scripted-machine.js';

const file = '/Users/jane/Library/Application Support/sealport/ca.pem';
const root = await paperRoot(file);
const old = await paperRoot('');
const hash = root.fingerprint.toUpperCase();

/** What only root can change: `security` reads no file of the person as root. */
const rootsOwn = '/Library/Application Support/Sealport';
const copy = `${rootsOwn}/${root.name}.pem`;
const clean = [`rm -f '${copy}'`, `rmdir '${rootsOwn}'`];

const login = '/Users/jane/Library/Keychains/login.keychain-db';
const system = '/Library/Keychains/System.keychain';
const security = '/usr/bin/security';
const inLogin = `${security} find-certificate -a -p ${login}`;
const inSystem = `${security} find-certificate -a -p ${system}`;
const persons = `${security} dump-trust-settings`;
const administrators = `${security} dump-trust-settings -d`;
const nothing = {
	code: 1,
	stderr: 'SecTrustSettingsCopyCertificates: No Trust Settings were found.\n',
};

/** What `security dump-trust-settings` prints of roots with a result for both policies. */
const settings = (result: string, ...roots: ReadonlyArray<typeof root>) => ({
	stdout: [
		`Number of trusted certs = ${roots.length}`,
		...roots.flatMap(({certificate}, index) => [
			`Cert ${index}: ${certificate.subject.split('\nCN=')[1]}`,
			'   Number of trust settings : 2',
			'   Trust Setting 0:',
			'      Policy OID            : SSL',
			`      Result Type           : kSecTrustSettings${result}`,
			'   Trust Setting 1:',
			'      Policy OID            : Apple X509 Basic',
			`      Result Type           : kSecTrustSettings${result}`,
		]),
		'',
	].join('\n'),
});

const mac: Script = {
	platform: 'darwin',
	uid: 501,
	home: '/Users/jane',
	directory: '/Users/jane/Library/Application Support/sealport',
	programs: {security},
	entries: {[login]: {uid: 501, mode: 0o600}, [system]: {}},
	answers: {
		[inLogin]: {stdout: foreign},
		[inSystem]: {stdout: foreign},
		[persons]: nothing,
		[administrators]: nothing,
	},
};
const root0: Script = {...mac, isRoot: true};

const withAnswers = (answers: Script['answers'], script = mac): Script => ({
	...script,
	answers: {...script.answers, ...answers},
});

async function only(script: Script): Promise<Place> {
	const [place, ...more] = await findMacos(scriptedMachine(script));
	if (place === undefined || more.length > 0) {
		throw new Error('expected one place');
	}
	return place;
}

const lines = async (steps: ReturnType<Place['add']>) =>
	(await steps).map(step => commandLine(step, 'darwin'));

const fingerprints = (certificates: Awaited<ReturnType<Place['look']>>) =>
	certificates.map(({fingerprint256}) => fingerprint256.replaceAll(':', '').toLowerCase());

test('a person: login keychain and trust settings of their own (security(1))', async t => {
	const place = await only(mac);
	t.is(place.store, 'system');
	t.is(place.by, 'person');
	t.is(place.obstacle, undefined);
	t.regex(place.meanwhile ?? '', /password/);
	t.deepEqual(await place.look(), []);
	t.deepEqual(await place.add(root), [
		{
			kind: 'run',
			program: '/usr/bin/security',
			args: [
				...['add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', '-p', 'basic'],
				...['-k', '/Users/jane/Library/Keychains/login.keychain-db', file],
			],
		},
	]);
	const held = withAnswers({
		[inLogin]: {stdout: foreign + root.pem},
		[persons]: settings('ResultTrustRoot', root),
	});
	const after = await only(held);
	t.deepEqual(fingerprints(await after.look()), [root.fingerprint]);
	t.deepEqual(await after.leftovers?.(), []);
	t.deepEqual(await lines(after.remove(root)), [
		`/usr/bin/security delete-certificate -t -Z ${hash} ${login}`,
	]);
});

test('root: System keychain and the trust settings of the administrator', async t => {
	const place = await only(root0);
	t.is(place.by, 'root');
	t.deepEqual(await lines(place.add(root)), [
		`mkdir -p -m 0755 '${rootsOwn}'`,
		`install -m 0644 '${file}' '${copy}'`,
		`/usr/bin/security add-trusted-cert -d -r trustRoot -p ssl -p basic -k ${system} '${copy}'`,
		...clean,
	]);
	t.deepEqual((await place.add(root))[1], {
		...{kind: 'write', path: copy, content: root.certificate.toString(), from: file, mode: 0o644},
		rollback: [
			{kind: 'remove', path: copy},
			{kind: 'remove-directory', path: rootsOwn},
		],
	});
	const held = {
		[inSystem]: {stdout: root.pem},
		[administrators]: settings('ResultTrustRoot', root),
	};
	const after = await only(withAnswers(held, root0));
	t.deepEqual(fingerprints(await after.look()), [root.fingerprint]);
	t.deepEqual(await lines(after.remove(root)), [
		`mkdir -p -m 0755 '${rootsOwn}'`,
		`install -m 0644 '${file}' '${copy}'`,
		`/usr/bin/security remove-trusted-cert -d '${copy}'`,
		...clean,
		`/usr/bin/security delete-certificate -Z ${hash} ${system}`,
	]);
});

test('in the keychain without trust settings, or with ones that forbid it, is not trusted', async t => {
	for (const trust of [
		nothing,
		settings('ResultTrustRoot', old),
		settings('ResultDeny', root),
		settings('ResultUnspecified', root),
	]) {
		const place = await only(withAnswers({[inLogin]: {stdout: root.pem}, [persons]: trust}));
		t.deepEqual(await place.look(), []);
		t.deepEqual(fingerprints((await place.leftovers?.()) ?? []), [root.fingerprint]);
		t.deepEqual(
			await lines(place.remove(root)),
			[`/usr/bin/security delete-certificate -Z ${hash} ${login}`],
			'there are no settings of trust to take along',
		);
	}
});

test('settings without usage constraints trust for everything', async t => {
	const name = root.certificate.subject.split('\nCN=')[1];
	const stdout = `Number of trusted certs = 1\nCert 0: ${name}\n   Number of trust settings : 0\n`;
	const place = await only(withAnswers({[inLogin]: {stdout: root.pem}, [persons]: {stdout}}));
	t.deepEqual(fingerprints(await place.look()), [root.fingerprint]);
});

test('the other keychain is a place while it holds a root of Sealport', async t => {
	const stdout = root.pem;
	const asPerson = scriptedMachine(withAnswers({[inSystem]: {stdout}}));
	t.deepEqual(
		(await findMacos(asPerson)).map(({by}) => by),
		['person', 'root'],
	);
	const asRoot = scriptedMachine(withAnswers({[inLogin]: {stdout}}, root0));
	t.deepEqual(
		(await findMacos(asRoot)).map(({by}) => by),
		['root', 'person'],
	);
	t.deepEqual(asRoot.asked, [[inLogin, 'person']], 'what is the person’s is asked as that person');
});

test('the settings of the administrator for a CA whose file is gone are not left behind', async t => {
	const held = {
		[inSystem]: {stdout: old.pem},
		[administrators]: settings('ResultTrustRoot', old),
	};
	const [, write, act] = await (await only(withAnswers(held, root0))).remove(old);
	t.like(write, {kind: 'write', content: old.certificate.toString()});
	t.like(act, {
		program: security,
		args: ['remove-trusted-cert', '-d', `${rootsOwn}/${old.name}.pem`],
	});
});

test('root hands nothing to security that others can change', async t => {
	const entries = {...mac.entries, [rootsOwn]: {kind: 'directory'}} as const;
	const place = await only({...root0, entries, unguarded: [rootsOwn]});
	await refuses(t, place.add(root), /Sealport: others than root can change it/);
});

test('a keychain that is a link, or of somebody else, is refused', async t => {
	for (const [change, message] of [
		[{kind: 'link'}, /symbolic link/],
		[{uid: 502}, /another user \(uid 502\)/],
		[{kind: 'directory'}, /not a plain file/],
	] as const) {
		const place = await only({...mac, entries: {[login]: {uid: 501, ...change}, [system]: {}}});
		await refuses(t, place.add(root), message);
		await refuses(t, place.remove(root), message);
	}
});

test('what cannot be read is an error, not an empty keychain', async t => {
	const keychain = await only(withAnswers({[inLogin]: {code: 36}}));
	await refuses(t, keychain.look(), /cannot read the keychain/);
	const trust = await only(withAnswers({[persons]: {code: 1, stderr: 'no access'}}));
	await refuses(t, trust.look(), /cannot read the trust settings/);
	const empty = await only(withAnswers({[inLogin]: {code: 44}}));
	t.deepEqual(await empty.look(), []);
});

test('without a keychain or its tool there is an obstacle; elsewhere there is no such place', async t => {
	const {obstacle} = await only({...mac, entries: {[system]: {}}});
	t.regex(obstacle?.reason ?? '', /no login keychain/);
	const bare = await only({...mac, programs: {}});
	t.regex(bare.obstacle?.reason ?? '', /security was not found/);
	t.deepEqual(await findMacos(scriptedMachine({...mac, platform: 'linux'})), []);
});

async function refuses(t: ExecutionContext, plan: Promise<unknown>, message: RegExp) {
	const error = await t.throwsAsync(plan, {instanceOf: UserError, message});
	t.is(error?.code, 'trust-store-unusable');
	t.truthy(error?.hint);
}
