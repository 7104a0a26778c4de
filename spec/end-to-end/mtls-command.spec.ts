import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {createAuthority} from '../../lib/pki/authority.js';
import {startBackend} from '../helpers/backend.js';
import {issueFiles} from '../helpers/certificate-files.js';
import {runSealport} from '../helpers/cli.js';
import {clientOf, filesOf} from '../helpers/client-certificates.js';
import {home} from '../helpers/home.js';
import {laneFlags, onEachLane} from '../helpers/lanes.js';
import {makeOwn} from '../helpers/making.js';
import {needs} from '../helpers/programs.js';
import {run} from '../helpers/run.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const curl = (ca: string, url: string, ...flags: readonly string[]) =>
	run('curl', ['-sS', '--noproxy', '*', '--cacert', ca, ...flags, `${url}/private`]);

onEachLane(needs('curl'))(
	'what sealport cert --client has made gets its owner in, as PEM and as PKCS#12',
	async t => {
		const alice = await issueFiles(t, ['--client', 'alice']);
		const bob = await issueFiles(t, ['--client', 'Bob \u001b[31m']).catch(() => undefined);
		t.is(bob, undefined, 'no name can change the terminal');
		const zoe = await issueFiles(t, ['--client', 'Zoë, Ltd.']);
		const p12 = await issueFiles(t, ['--client', 'alice', '--p12'], {
			SEALPORT_PASSPHRASE: 'secret',
		});
		const backend = await startBackend(t, ({headers}, response) =>
			response.end(`${headers['sealport-client']} ${headers['client-cert']}`),
		);
		const sealport = runSealport(t, home, [
			...[String(backend.port), '--port', '0', '--json', '--mtls=alice,zoe', ...laneFlags(t)],
		]);
		const {url} = await sealport.listening();
		const der = readFileSync(alice.file, 'utf8').split('-----')[2]?.replaceAll('\n', '');
		const pem = await curl(alice.ca, url, '--cert', alice.file, '--key', alice.key);
		t.is(pem.stdout, `alice :${der}:`);
		const packed = await curl(alice.ca, url, '--cert-type', 'P12', '--cert', `${p12.file}:secret`);
		t.regex(packed.stdout, /^alice :/, packed.stderr);
		t.regex((await curl(alice.ca, url)).stdout, /sent no certificate .*sealport cert --client/);
		const other = await curl(alice.ca, url, '--cert', zoe.file, '--key', zoe.key);
		t.regex(other.stdout, /is for "Zoë, Ltd\."/);
		await sealport.says(/^refused: GET \S+\/private from 127\.0\.0\.1: policy mtls: .*no cert/m);
		await sealport.says(/^refused: GET \S+\/private from "Zoë, Ltd\.", .*: policy mtls: /m);
	},
);

needs('curl', 'openssl')(
	"with a certificate of one's own the clients' authority is a file",
	async t => {
		const directory = temporaryDirectory(t);
		const own = await makeOwn(directory, 'ec', 'own', 'DNS:localhost');
		const authority = await createAuthority(Date.now());
		const ca = join(directory, 'clients.pem');
		writeFileSync(ca, authority.root.toString());
		const {cert, key} = filesOf(t, await clientOf(authority, 'alice'));
		const backend = await startBackend(t, ({headers}, response) =>
			response.end(String(headers['sealport-client'])),
		);
		const served = ['--port', '0', '--json', '--cert', own.cert, '--key', own.key];
		const sealport = runSealport(t, home, [String(backend.port), ...served, '--client-ca', ca]);
		const {url} = await sealport.listening();
		t.is((await curl(own.cert, url, '--cert', cert, '--key', key)).stdout, 'alice');
		const {stdout} = await curl(own.cert, url);
		t.regex(stdout, /sent no certificate \(give the client a certificate of the authority/);
		const without = runSealport(t, home, [String(backend.port), ...served, '--mtls']);
		t.is(await without.ended, 2);
		t.regex(without.stderr, /mtls: .*no local authority.*\n.*hint: .*--client-ca/);
	},
);

test('no start without the authority that was asked for', async t => {
	const directory = temporaryDirectory(t);
	const {key} = await clientOf(await createAuthority(Date.now()), 'alice');
	writeFileSync(join(directory, 'key.pem'), key);
	for (const [file, telling] of [
		['missing.pem', /client-ca: cannot read .*missing\.pem: no such file/],
		['key.pem', /client-ca: cannot use .*key\.pem: it holds a private key/],
	] as const) {
		const args = ['3000', '--port', '0', '--client-ca', join(directory, file)];
		const sealport = runSealport(t, home, args);
		t.is(await sealport.ended, 1);
		t.regex(sealport.stderr, telling);
		t.regex(sealport.stderr, /\nhint: /);
		t.is(sealport.stdout, '');
	}
});
