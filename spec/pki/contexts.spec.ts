import {X509Certificate} from 'node:crypto';
import {once} from 'node:events';
import {connect} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import type {ContextSource} from '../../lib/forward/seams.js';
import {createAuthority, rootName} from '../../lib/pki/authority.js';
import {authorityContexts} from '../../lib/pki/contexts.js';
import {loadDer} from '../../lib/pki/der.js';
import {createLeaf} from '../../lib/pki/leaf.js';
import {parseName} from '../../lib/pki/names.js';
import {pemBlocks, pemOf} from '../../lib/pki/pem.js';
import {handshake} from '../helpers/clients.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {serveTls} from '../helpers/tls-server.js';

const day = 86_400_000;
const der = await loadDer();
const authority = await createAuthority(Date.now());
const names = ['localhost', 'dev.test', '127.0.0.1', '::1'].map(parseName);

async function open(options: {now?: () => number; capacity?: number; keyType?: 'ec' | 'rsa'} = {}) {
	const asked: string[] = [];
	const source = await authorityContexts(authority, {
		names,
		serves: name => {
			asked.push(name);
			return name.endsWith('.localhost') || name === 'bank.example';
		},
		...options,
	});
	return {source, asked};
}

async function served(t: ExecutionContext, source: ContextSource, name: string) {
	const socket = await handshake(await serveTls(t, source), authority.root.toString(), name);
	t.teardown(() => socket.destroy());
	const certificate = socket.getPeerX509Certificate();
	return {socket, san: certificate?.subjectAltName, certificate};
}

test('a name that is served gets a leaf for exactly that name, others the default', async t => {
	const {source} = await open();
	t.is((await served(t, source, 'app.localhost')).san, 'DNS:app.localhost');
	const all = 'DNS:localhost, DNS:dev.test, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1';
	t.is((await served(t, source, 'dev.test')).san, all);
	t.is((await served(t, source, '')).san, all);
});

test('the handshake is TLS 1.2 or 1.3, and the chain holds leaf and issuing CA', async t => {
	const {source} = await open();
	const {socket, certificate} = await served(t, source, 'localhost');
	t.is(socket.getProtocol(), 'TLSv1.3');
	t.is(certificate?.issuerCertificate?.fingerprint256, authority.issuing.fingerprint256);
});

test('hostile server names get the default context, are not kept and cost no leaf', async t => {
	const {source, asked} = await open();
	const byDefault = source.contextFor(undefined);
	for (let round = 0; round < 1000; round++) {
		for (const name of [
			...['', '.', '..', 'a..localhost', '.localhost', 'localhost.', '127.0.0.1', '::1', '[::1]'],
			...['a\u0000.localhost', '😀.localhost', 'a b.localhost', '*.localhost', '-.localhost'],
			...['a'.repeat(255), `${'a'.repeat(64)}.localhost`, `${'a.'.repeat(123)}localhost`],
			...['__proto__', 'constructor', 'bank.example', 'other.test', 'LOCALHOST', 'Dev.Test'],
		]) {
			t.is(source.contextFor(name), byDefault, name);
		}
	}
	t.deepEqual([...new Set(asked)], ['other.test'], 'only names that could be served are asked for');
});

test('a leaf is kept, without regard to case, and the least used goes first', async t => {
	const {source} = await open({capacity: 3});
	const first = source.contextFor('a.localhost');
	t.is(source.contextFor('A.LocalHost'), first);
	const second = source.contextFor('b.localhost');
	source.contextFor('c.localhost');
	t.is(source.contextFor('a.localhost'), first);
	source.contextFor('d.localhost');
	t.is(source.contextFor('a.localhost'), first);
	t.not(source.contextFor('b.localhost'), second);
});

test('of however many names only as many contexts are made as are kept', async t => {
	const {source} = await open({capacity: 16});
	const contexts = Array.from({length: 100}, (_, count) =>
		source.contextFor(`a${count}.localhost`),
	);
	t.is(new Set(contexts).size, 16);
	t.false(contexts.includes(source.contextFor(undefined)));
});

for (const keyType of ['ec', 'rsa'] as const) {
	test(`a context that another name had before serves the leaf of its new name, below the issuing CA: ${keyType}`, async t => {
		const {source} = await open({capacity: 1, keyType});
		for (const name of ['a.localhost', 'b.localhost', 'c.localhost', 'a.localhost']) {
			const {socket, san, certificate} = await served(t, source, name);
			t.true(socket.authorized);
			t.is(san, `DNS:${name}`);
			t.is(certificate?.issuerCertificate?.fingerprint256, authority.issuing.fingerprint256);
		}
	});
}

needs('openssl')('and still no more than these two certificates', async t => {
	const {source} = await open({capacity: 1});
	const port = await serveTls(t, source);
	for (const name of ['a.localhost', 'b.localhost', 'c.localhost']) {
		const {stdout} = await run('openssl', [
			...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', name, '-showcerts'],
		]);
		const [leaf = '', issuing, ...more] = pemOf(pemBlocks(stdout), 'CERTIFICATE');
		t.is(new X509Certificate(leaf).subjectAltName, `DNS:${name}`);
		t.is(issuing, authority.issuing.toString());
		t.deepEqual(more, []);
	}
});

test('clients that ask for a new name at once all get one leaf', async t => {
	const {source} = await open();
	const all = await Promise.all(Array.from({length: 10}, () => served(t, source, 'app.localhost')));
	t.is(new Set(all.map(({certificate}) => certificate?.serialNumber)).size, 1);
});

test('a connection goes on while its context is given to another name', async t => {
	const {source} = await open({capacity: 1});
	const {socket} = await served(t, source, 'a.localhost');
	await served(t, source, 'b.localhost');
	await new Promise<void>((resolve, reject) =>
		socket.write('x', error => (error ? reject(error) : resolve())),
	);
	t.false(socket.destroyed);
});

test('a client that renegotiates when its context has another name does no harm', async t => {
	const {source} = await open({capacity: 1});
	const port = await serveTls(t, source);
	const ca = authority.root.toString();
	const options = {port, host: '127.0.0.1', ca, maxVersion: 'TLSv1.2'} as const;
	const socket = connect({...options, servername: 'a.localhost'});
	t.teardown(() => socket.destroy());
	await once(socket, 'secureConnect');
	(await handshake(port, ca, 'b.localhost')).destroy();
	await new Promise(resolve => {
		socket.once('error', resolve);
		socket.renegotiate({}, resolve);
	});
	const after = await handshake(port, ca, 'a.localhost');
	t.is(after.getPeerX509Certificate()?.subjectAltName, 'DNS:a.localhost');
	after.destroy();
});

test('leaves live for at most 30 days and are renewed at two thirds, with new sessions only', async t => {
	let time = Date.now();
	const {source} = await open({now: () => time});
	const open1 = await served(t, source, 'app.localhost');
	const defaults = source.contextFor(undefined);
	const app = source.contextFor('app.localhost');
	time += 19.9 * day;
	t.is(source.contextFor(undefined), defaults);
	t.is(source.contextFor('app.localhost'), app);
	time += 0.2 * day;
	t.not(source.contextFor(undefined), defaults);
	t.not(source.contextFor('app.localhost'), app);
	t.is(source.contextFor('app.localhost'), source.contextFor('app.localhost'));
	t.false(open1.socket.destroyed);
	const {certificate} = await served(t, source, 'app.localhost').catch(() => ({
		certificate: undefined,
	}));
	t.is(certificate, undefined, 'the leaf of the future is not valid yet');
});

test('a clock that is set back makes leaves anew, one beyond the authority does not', async t => {
	const start = Date.now();
	let time = start + 60 * day;
	const {source} = await open({now: () => time});
	const late = source.contextFor(undefined);
	time = start;
	const early = source.contextFor(undefined);
	t.not(early, late);
	time = start + 4000 * day;
	t.is(source.contextFor(undefined), early);
});

test('a leaf is exact: names, times, purposes, serial', t => {
	const now = Date.now();
	const leaf = createLeaf(der, authority, names, now);
	const certificate = new X509Certificate(leaf.chain);
	const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
	t.is(to + 1000 - from, 30 * day);
	t.true(from <= now - 3_599_000 && from >= now - 3_601_000);
	t.deepEqual([from, to], [leaf.notBefore, leaf.notAfter]);
	t.is(Math.round((leaf.renewAt - from) / day), 20);
	t.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
	t.false(certificate.ca);
	t.is(certificate.serialNumber.length, 34);
	const again = new X509Certificate(createLeaf(der, authority, names, now).chain);
	t.not(again.serialNumber, certificate.serialNumber);
	t.false(again.publicKey.equals(certificate.publicKey));
});

test('a leaf never outlives the authority', t => {
	const expiry = Date.parse(authority.issuing.validTo);
	const leaf = createLeaf(der, authority, names, expiry - 5 * day);
	t.is(leaf.notAfter, expiry);
	t.is(Date.parse(new X509Certificate(leaf.chain).validTo), expiry);
});

test('a root is recognisable, unlike any other, and its common name fits', async t => {
	const {subject} = authority.root;
	t.regex(subject, /^O=Sealport\nCN=Sealport local CA .+ \d{4}-\d\d-\d\d [\da-f]{6}$/);
	t.not((await createAuthority(Date.now())).root.subject, subject);
	t.is(rootName('ann@mac', '2026-11-23'), 'Sealport local CA ann@mac 2026-11-23');
	t.is(rootName('a\nn\u202en\u0000=,@ma c', '2026-11-23'), 'Sealport local CA ann@mac 2026-11-23');
	t.is(Array.from(rootName('ü'.repeat(300), '2026-11-23')).length, 64);
});
