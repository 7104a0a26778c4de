import {generateKeyPairSync} from 'node:crypto';
import {once} from 'node:events';
import {
	chmodSync,
	existsSync,
	lstatSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {createServer as createHttpsServer} from 'node:https';
import {type AddressInfo, createServer} from 'node:net';
import {join} from 'node:path';
import test from 'ava';
import {issue, toPem} from '../../lib/pki/certificate.js';
import {loadDer} from '../../lib/pki/der.js';
import {parseName} from '../../lib/pki/names.js';
import {whereThereIs} from '../helpers/addresses.js';
import {startBackend} from '../helpers/backend.js';
import {runSealport} from '../helpers/cli.js';
import {patient} from '../helpers/doctor.js';
import {deadPort} from '../helpers/free-port.js';
import {makeOwn} from '../helpers/making.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const onPosix = unless(process.platform === 'win32' && 'no modes here', false);

/** A certificate for localhost that signs itself, and its key, in PEM files. */
async function certificateFor(directory: string, notBefore: Date, notAfter: Date) {
	const {privateKey, publicKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
	const names = [parseName('localhost')];
	const profile = {purposes: ['serverAuth'], names} as const;
	const subject = {organization: 'Sealport', commonName: 'localhost'};
	const der = await loadDer();
	const raw = issue(
		der,
		{subject, publicKey, notBefore, notAfter, profile},
		{key: privateKey, certificate: undefined},
	);
	const [cert, key] = [join(directory, 'own.pem'), join(directory, 'own.key')];
	writeFileSync(cert, toPem(raw));
	writeFileSync(key, privateKey.export({type: 'pkcs8', format: 'pem'}));
	return {cert, key};
}

/** Every file below a directory, with its mode and content. */
function everything(directory: string): unknown {
	return readdirSync(directory, {recursive: true, encoding: 'utf8'})
		.sort()
		.map(name => {
			const path = join(directory, name);
			const {mode, mtimeMs} = lstatSync(path);
			return [name, mode, mtimeMs, lstatSync(path).isFile() && readFileSync(path, 'utf8')];
		});
}

test('all is well where no client is in the way, and nothing was changed', async t => {
	const it = await patient(t);
	chmodSync(it.directory, 0o700);
	const before = everything(it.home);
	const {code, all, end, of, stderr} = await it.examine();
	t.deepEqual(
		all.filter(({verdict, name}) => verdict === 'failed' && name !== 'nss'),
		[],
	);
	for (const name of ['store', 'authority', 'clock', 'port', 'proxy']) {
		t.is(of(name)[0]?.verdict, 'ok', name);
	}
	t.regex(
		of('clients')[0]?.detail ?? '',
		/^not installed.*curl, wget, openssl, git, python, java, go/,
	);
	t.is(end?.event, 'doctor');
	t.is(code, end?.ok ? 0 : 1);
	t.is(stderr, '');
	t.deepEqual(everything(it.home), before);
});

test('a store that does not exist is reported and not made', async t => {
	const it = await patient(t);
	rmSync(it.directory, {recursive: true});
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.is(of('store')[0]?.verdict, 'failed');
	t.regex(of('store')[0]?.hint ?? '', /^sealport trust\b/);
	t.regex(of('clients')[0]?.detail ?? '', /not tried/);
	t.false(existsSync(it.directory));
});

onPosix('a key that others can read, and a file that others can write', async t => {
	const it = await patient(t);
	const key = join(it.directory, 'authority.pem');
	const ca = join(it.directory, 'ca.pem');
	chmodSync(key, 0o644);
	chmodSync(ca, 0o666);
	const {code, of} = await it.examine();
	t.is(code, 1);
	const said = of('store').map(({verdict, detail, hint}) => `${verdict} ${detail} ${hint}`);
	t.is(said.length, 2);
	t.true(
		said[0]?.startsWith(`failed others can read the key in ${key} (mode 0644) chmod 600 ${key}`),
	);
	t.is(said[1], `failed others can write to ${ca} (mode 0666) chmod 600 ${ca}`);
	t.is(lstatSync(key).mode & 0o777, 0o644, 'left as it was');
});

onPosix('a directory that others can write to, a link in place of a file', async t => {
	const it = await patient(t);
	chmodSync(it.directory, 0o777);
	rmSync(join(it.directory, 'ca.pem'));
	symlinkSync('/etc/passwd', join(it.directory, 'ca.pem'));
	const {code, of} = await it.examine();
	t.is(code, 1);
	const said = of('store').map(({detail}) => detail);
	t.deepEqual(said, [
		`others can write to ${it.directory} (mode 0777)`,
		`${join(it.directory, 'ca.pem')} is a symbolic link`,
	]);
});

for (const [what, content] of [
	['emptied', ''],
	['cut', undefined],
] as const) {
	test(`an authority whose file was ${what}`, async t => {
		const it = await patient(t);
		const file = join(it.directory, 'authority.pem');
		writeFileSync(file, content ?? readFileSync(file).subarray(0, 700), {mode: 0o600});
		const {code, of} = await it.examine();
		t.is(code, 1);
		t.is(of('certificate')[0]?.verdict, 'failed');
		t.regex(of('certificate')[0]?.detail ?? '', /authority\.pem: it is truncated/);
		t.is(of('node').length, 0, 'no client was tried');
	});
}

test('a ca.pem that is not of the authority beside it', async t => {
	const [it, other] = [await patient(t), await patient(t)];
	writeFileSync(join(it.directory, 'ca.pem'), readFileSync(join(other.directory, 'ca.pem')));
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.regex(of('authority').at(-1)?.detail ?? '', /ca\.pem is missing, or not the root/);
});

test('an own certificate that has expired, or is not valid yet', async t => {
	const it = await patient(t);
	const on = (days: number) => new Date(Math.floor(Date.now() / 1000 + days * 86_400) * 1000);
	const expired = await certificateFor(temporaryDirectory(t), on(-90), on(-1));
	const past = await it.examine(['--cert', expired.cert, '--key', expired.key]);
	t.is(past.code, 1);
	t.is(past.of('certificate')[0]?.verdict, 'failed');
	t.regex(past.of('certificate')[0]?.detail ?? '', /own\.pem expired on /);
	t.regex(past.of('certificate')[0]?.hint ?? '', /renew it/);
	t.is(past.of('node').length, 0, 'no client would accept it');
	const early = await certificateFor(temporaryDirectory(t), on(1), on(90));
	const future = await it.examine(['--cert', early.cert, '--key', early.key]);
	t.is(future.code, 1);
	t.regex(future.of('certificate')[0]?.detail ?? '', /valid only from /);
	t.regex(future.of('certificate')[0]?.hint ?? '', /set the clock/);
});

test('an own certificate is what clients are shown, and no trust command is named for it', async t => {
	const it = await patient(t);
	const {cert, key} = await makeOwn(temporaryDirectory(t), 'ec', 'own', 'DNS:localhost');
	const {code, of} = await it.examine(['--cert', cert, '--key', key]);
	t.is(code, 1);
	t.is(of('node')[0]?.verdict, 'failed');
	t.regex(of('node')[0]?.detail ?? '', /self.signed/);
	t.notRegex(of('node')[0]?.hint ?? '', /sealport/);
});

test('a clock that is behind', async t => {
	const it = await patient(t);
	const later = Date.now() / 1000 + 3 * 86_400;
	utimesSync(join(it.directory, 'ca.pem'), later, later);
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.is(of('clock')[0]?.verdict, 'failed');
	t.regex(of('clock')[0]?.detail ?? '', /ca\.pem/);
	t.is(of('clock')[0]?.hint, 'set the clock of this machine');
});

test('a port that another program holds', async t => {
	const it = await patient(t);
	const server = createServer().listen(0, '127.0.0.1');
	t.teardown(() => server.close());
	await once(server, 'listening');
	const {port} = server.address() as AddressInfo;
	const {code, of} = await it.examine(['--port', String(port)]);
	t.is(code, 1);
	const [found] = of('port');
	t.is(found?.verdict, 'failed');
	t.regex(found?.detail ?? '', new RegExp(`^cannot listen on 127\\.0\\.0\\.1:${port}: held by `));
	if (process.platform === 'linux') {
		t.true(found?.detail.includes(`(pid ${process.pid})`), found?.detail);
	}
	t.regex(found?.hint ?? '', /--port 0/);
});

test('a port that Sealport itself holds is as it should be', async t => {
	const it = await patient(t);
	const demo = runSealport(t, it.home, ['demo', '--port', '0', '--json']);
	const {port} = await demo.listening();
	const {of} = await it.examine(['--port', String(port)]);
	t.is(of('port')[0]?.verdict, process.platform === 'linux' ? 'ok' : 'failed');
});

test('a backend that is up', async t => {
	const it = await patient(t);
	const {port} = await startBackend(t, (_request, response) => response.end());
	const {of} = await it.examine([`127.0.0.1:${port}`]);
	t.is(of('backend')[0]?.verdict, 'ok');
	t.is(of('backend')[0]?.detail, `http://127.0.0.1:${port} answers (HTTP status 200)`);
});

test('a backend that is down', async t => {
	const it = await patient(t);
	const port = await deadPort(t);
	const {code, of} = await it.examine([String(port)]);
	t.is(code, 1);
	t.is(of('backend')[0]?.verdict, 'failed');
	t.is(of('backend')[0]?.detail, `backend http://localhost:${port} refused the connection`);
	t.is(of('backend')[0]?.hint, 'start it, or check its port');
});

whereThereIs('::1')('a backend that listens on one address family only', async t => {
	const it = await patient(t);
	const {port} = await startBackend(t, (_request, response) => response.end(), '::1');
	const {of} = await it.examine([`localhost:${port}`]);
	const [found] = of('backend');
	t.is(found?.verdict, 'note', 'Sealport finds it all the same');
	t.regex(found?.detail ?? '', /on ::1 only.* 127\.0\.0\.1 does not/);
	const wrong = await it.examine([`127.0.0.1:${port}`]);
	t.is(wrong.code, 1);
	t.is(wrong.of('backend')[0]?.verdict, 'failed');
	t.regex(wrong.of('backend')[0]?.detail ?? '', /nothing listens on 127\.0\.0\.1.* on ::1/);
	t.true(wrong.of('backend')[0]?.hint?.includes(`${port}`));
});

test('a backend that speaks HTTPS itself, or nothing that is known', async t => {
	const it = await patient(t);
	const {cert, key} = await makeOwn(temporaryDirectory(t), 'ec');
	const https = createHttpsServer({cert: readFileSync(cert), key: readFileSync(key)});
	const mute = createServer(socket => socket.on('error', () => undefined).end('SSH-2.0-x\r\n'));
	for (const [server, expected] of [
		[https, /speaks HTTPS itself/],
		[mute, /does not answer in HTTP/],
	] as const) {
		server.listen(0, '127.0.0.1');
		t.teardown(() => server.close());
		await once(server, 'listening');
		const {port} = server.address() as AddressInfo;
		const {code, of} = await it.examine([`127.0.0.1:${port}`]);
		t.is(code, 1);
		t.regex(of('backend')[0]?.detail ?? '', expected);
	}
});

test('a proxy in the way, and one that is told of localhost', async t => {
	const it = await patient(t);
	const proxy = 'http://user:secret@proxy.example:3128';
	for (const name of ['HTTPS_PROXY', 'http_proxy', 'ALL_PROXY']) {
		const {code, of} = await it.examine([], {[name]: proxy});
		t.is(code, 1);
		const [found] = of('proxy');
		t.is(found?.verdict, 'failed');
		t.true(found?.detail.startsWith(`${name}=http://…@proxy.example:3128`), found?.detail);
		t.regex(found?.hint ?? '', /^export no_proxy=.*localhost.* NO_PROXY=.*localhost/);
	}
	const near = await it.examine([], {https_proxy: proxy, NO_PROXY: 'example.com,localhost'});
	t.is(near.of('proxy')[0]?.verdict, 'ok');
	const far = await it.examine([], {https_proxy: proxy, no_proxy: 'example.com', NO_PROXY: '*'});
	t.is(far.of('proxy')[0]?.verdict, 'failed');
	t.regex(far.of('proxy')[0]?.detail ?? '', /no_proxy without localhost/);
});

onPosix('what a client says is one line that a terminal can bear', async t => {
	const it = await patient(t);
	it.script(
		'curl',
		`printf 'first\\n\\033[2Jno certificate \\342\\200\\256\\n third\\n' >&2; exit 60`,
	);
	const run = await it.start();
	t.is(await run.ended, 1);
	t.notRegex(run.stdout, /\u001b|\u202e/);
	t.regex(
		run.stdout,
		/^failed {2}curl +refuses: \\x1b\[2Jno certificate \\u\{202e\}\n +hint: sealport trust$/m,
	);
	t.regex(run.stderr, /checks? ha(s|ve) failed/);
});

onPosix('a client that hangs is ended after its time, with all that it has started', async t => {
	const it = await patient(t);
	it.script('wget', `/bin/sleep 1000 & echo $! $$ > ${it.home}/pids; wait`);
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.regex(of('wget')[0]?.detail ?? '', /no.* answer within 10 seconds/);
	const pids = readFileSync(join(it.home, 'pids'), 'utf8').trim().split(' ').map(Number);
	t.is(pids.length, 2);
	for (const pid of pids) {
		t.false(isAlive(pid));
	}
});

onPosix('Ctrl+C ends it, its clients, and what it has written', async t => {
	const it = await patient(t);
	it.script('wget', `echo $$ > ${it.home}/pid; exec /bin/sleep 1000`);
	const run = await it.start();
	await run.says('proxy');
	while (!existsSync(join(it.home, 'pid')) || readFileSync(join(it.home, 'pid')).length === 0) {
		await new Promise(resolve => setTimeout(resolve, 20));
	}
	run.child.kill('SIGINT');
	t.is(await run.ended, 130);
	t.false(isAlive(Number(readFileSync(join(it.home, 'pid'), 'utf8'))));
	t.deepEqual(
		readdirSync(it.home).filter(name => name.startsWith('sealport-doctor')),
		[],
	);
});

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}
