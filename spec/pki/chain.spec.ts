import {generateKeyPairSync} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createSecureContext} from 'node:tls';
import type {ExecutionContext} from 'ava';
import {type Authority, createAuthority} from '../../lib/pki/authority.js';
import {issue, toPem} from '../../lib/pki/certificate.js';
import {authorityContexts} from '../../lib/pki/contexts.js';
import {loadDer} from '../../lib/pki/der.js';
import type {Profile} from '../../lib/pki/extensions.js';
import {createLeaf} from '../../lib/pki/leaf.js';
import {parseName} from '../../lib/pki/names.js';
import {certtool, openssl, python, type Verdict} from '../helpers/clients.js';
import {needs} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {serveTls} from '../helpers/tls-server.js';

const der = await loadDer();
const authority = await createAuthority(Date.now());
const hosts = ['localhost', '127.0.0.1', '::1'];
const names = hosts.map(parseName);

/** A chain as a server would serve it, PEM, with the key of its leaf. */
interface Served {
	readonly chain: string;
	readonly key: string;
}

type Client = (t: ExecutionContext, served: Served, host: string) => Promise<Verdict>;

function fromFiles(verify: typeof openssl): Client {
	return (t, {chain}, host) => {
		const directory = temporaryDirectory(t);
		const root = join(directory, 'root.pem');
		const file = join(directory, 'chain.pem');
		writeFileSync(root, authority.root.toString());
		writeFileSync(file, chain);
		return verify(root, file, host);
	};
}

const strictPython: Client = async (t, {chain, key}, host) => {
	const root = join(temporaryDirectory(t), 'root.pem');
	writeFileSync(root, authority.root.toString());
	const context = createSecureContext({key, cert: chain});
	return python(root, await serveTls(t, {contextFor: () => context}), host);
};

const clients: readonly (readonly [program: string, client: Client, unpermitted: RegExp])[] = [
	['openssl', fromFiles(openssl), /permitted subtree violation/],
	['certtool', fromFiles(certtool), /Not verified.*violates the signer's constraints/s],
	['python3', strictPython, /CERTIFICATE_VERIFY_FAILED.*permitted subtree violation/s],
];

/** What somebody who stole the issuing key can sign, by any name and of any kind. */
function forge(profile: Profile, commonName: string, signer: Authority = authority): Served {
	const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
	const now = Math.floor(Date.now() / 1000) * 1000;
	const certificate = issue(
		der,
		{
			subject: {organization: 'Thief', commonName},
			publicKey,
			notBefore: new Date(now - 1000),
			notAfter: new Date(now + 86_400_000),
			profile,
		},
		{key: signer.key, certificate: signer.issuing.raw},
	);
	return {
		chain: toPem(certificate) + authority.issuing.toString(),
		key: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
	};
}

for (const [program, client, unpermitted] of clients) {
	const test = needs(program);

	for (const host of hosts) {
		test(`${program} accepts the leaf for ${host}`, async t => {
			const {accepted, reason} = await client(
				t,
				createLeaf(der, authority, names, Date.now()),
				host,
			);
			t.true(accepted, reason);
		});
	}

	test(`${program} refuses the leaf for a name that is not in it`, async t => {
		const leaf = createLeaf(der, authority, names, Date.now());
		t.false((await client(t, leaf, 'other.test')).accepted);
	});

	for (const host of ['bank.example', 'localhost.example', '8.8.8.8', '2001:db8::1']) {
		test(`${program} refuses a leaf for ${host} that a thief signed with the issuing key`, async t => {
			const stolen = forge({purposes: ['serverAuth'], names: [parseName(host)]}, 'localhost');
			const {accepted, reason} = await client(t, stolen, host);
			t.false(accepted, reason);
			t.regex(reason, unpermitted);
		});
	}

	test(`${program} refuses a thief's leaf that hides a public name beside a permitted one`, async t => {
		const both = ['localhost', 'bank.example'].map(parseName);
		const stolen = forge({purposes: ['serverAuth'], names: both}, 'localhost');
		for (const host of ['localhost', 'bank.example']) {
			t.false((await client(t, stolen, host)).accepted, host);
		}
	});

	test(`${program} refuses a thief's leaf with the public name as its common name`, async t => {
		const stolen = forge({purposes: ['serverAuth']}, 'bank.example');
		t.false((await client(t, stolen, 'bank.example')).accepted);
	});

	test(`${program} refuses what is signed by a new intermediate under the issuing CA`, async t => {
		const profile: Profile = {pathLength: 0, purposes: ['serverAuth']};
		const {chain, key} = forge(profile, 'New intermediate');
		const [intermediate = ''] = chain.split(/(?<=-----END CERTIFICATE-----\n)/);
		const {X509Certificate, createPrivateKey} = await import('node:crypto');
		const leaf = createLeaf(
			der,
			{
				...authority,
				issuing: new X509Certificate(intermediate),
				key: createPrivateKey(key),
			},
			names,
			Date.now(),
		);
		const served = {key: leaf.key, chain: leaf.chain + authority.issuing.toString()};
		const {accepted, reason} = await client(t, served, 'localhost');
		t.false(accepted, reason);
		t.regex(reason, /path length|constraint/i);
	});
}

needs('python3')('python accepts leaves chosen by SNI from a real listener', async t => {
	const root = join(temporaryDirectory(t), 'root.pem');
	writeFileSync(root, authority.root.toString());
	const source = await authorityContexts(authority, {
		names,
		serves: name => name.endsWith('.localhost'),
	});
	const port = await serveTls(t, source);
	for (const host of [...hosts, 'app.localhost']) {
		const {accepted, reason} = await python(root, port, host);
		t.true(accepted, `${host}: ${reason}`);
		t.regex(reason, /TLSv1\.3/);
	}
	t.false((await python(root, port, 'app.test')).accepted);
});
