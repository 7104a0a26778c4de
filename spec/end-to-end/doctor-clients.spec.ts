import {chmodSync, chownSync, mkdirSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {sealportProgram} from '../helpers/cli.js';
import {findingsOf} from '../helpers/doctor.js';
import {freePort} from '../helpers/free-port.js';
import {noOwnMachine, type OwnMachine, ownMachine} from '../helpers/own-machine.js';
import {pathOf, unless} from '../helpers/programs.js';

const ofSystem = ['curl', 'wget', 'openssl', 'git', 'python', 'go'];
const programs = [...ofSystem.filter(name => name !== 'python'), 'python3', 'java', 'javac'];
const missing = [...programs, 'chromium', 'tstclnt'].filter(name => pathOf(name) === undefined);
const whole = unless(noOwnMachine || (missing.length > 0 && `${missing.join(', ')} not installed`));

/** What the doctor says on a machine of the test's own, by the name of what it looked at. */
async function examine(machine: OwnMachine, ...args: readonly string[]) {
	const port = String(await freePort());
	const {code, stdout, stderr} = await machine.sealport([
		'doctor',
		'--json',
		'--port',
		port,
		...args,
	]);
	const found = findingsOf(stdout);
	const failed = found.all.filter(({verdict}) => verdict === 'failed');
	return {...found, code, stdout, stderr, failed: failed.map(({name}) => name)};
}

/** A PATH by which the doctor finds no other clients than these: each that it tries takes its time. */
function pathOfOnly({home}: OwnMachine, ...names: readonly string[]) {
	const PATH = join(home, 'programs');
	mkdirSync(PATH);
	for (const name of names) {
		symlinkSync(realpathSync(pathOf(name) ?? ''), join(PATH, name));
	}
	return {PATH};
}

async function firefoxProfile({home, run}: OwnMachine, t: ExecutionContext): Promise<void> {
	const profile = join(home, '.mozilla', 'firefox', 'abcd.default');
	mkdirSync(profile, {recursive: true});
	writeFileSync(
		join(dirname(profile), 'profiles.ini'),
		'[Profile0]\nIsRelative=1\nPath=abcd.default\n',
	);
	const made = await run('certutil', ['-d', `sql:${profile}`, '-N', '--empty-password']);
	t.is(made.code, 0, made.stderr);
}

whole('before trust every client refuses, after it all accept and the exit code is 0', async t => {
	const machine = await ownMachine(t);
	await firefoxProfile(machine, t);
	const made = await machine.sealport(['env']);
	t.is(made.code, 0, made.stderr);
	const before = await examine(machine);
	t.is(before.code, 1);
	const all = [...ofSystem, 'java', 'nss', 'nss'];
	t.deepEqual([...before.failed].sort(), [...all].sort(), before.stdout);
	t.true(before.all.every(({verdict, hint}) => verdict !== 'failed' || hint === 'sealport trust'));
	t.is(before.of('nss').length, 2);
	t.regex(before.of('curl')[0]?.detail ?? '', /refuses: .*certificate/);

	const trusted = await machine.sealport(['trust']);
	t.is(trusted.code, 0, trusted.stdout + trusted.stderr);
	const files = await machine.run('find', [machine.home]);
	const after = await examine(machine);
	t.deepEqual(await machine.run('find', [machine.home]), files, 'it leaves nothing behind');
	t.deepEqual(after.failed, [], after.stdout);
	t.is(after.code, 0);
	for (const name of all) {
		t.true(
			after.of(name).every(({verdict}) => verdict === 'ok'),
			name,
		);
	}
	const [node] = after.of('node');
	t.is(node?.verdict, 'note', 'a new terminal has no variable for it');
	t.is(node?.hint, 'eval "$(sealport env)"');
	t.is(after.end?.ok, true);
});

whole('whoever is not root is told of what root has to do', async t => {
	const machine = await ownMachine(t);
	const uid = 54_321;
	chmodSync(dirname(machine.home), 0o755);
	chownSync(machine.home, uid, uid);
	const env = pathOfOnly(machine, 'curl', 'java', 'javac');
	const sealport = (...args: readonly string[]) =>
		machine.run(process.execPath, [sealportProgram, ...args], {uid, env});
	t.is((await sealport('env')).code, 0);
	const {stdout} = await sealport('doctor', '--json', '--port', '0');
	const {of} = findingsOf(stdout);
	for (const name of ['curl', 'java']) {
		t.is(of(name)[0]?.hint, 'sealport trust, and the sudo commands that it prints', stdout);
	}
	t.is(of('nss')[0]?.hint, 'sealport trust');
});

whole('an authority that one store alone does not trust', async t => {
	const machine = await ownMachine(t);
	const trusted = await machine.sealport(['trust']);
	t.is(trusted.code, 0, trusted.stdout + trusted.stderr);
	t.is((await machine.sealport(['untrust', '--store', 'nss'])).code, 0);
	const noBrowser = await examine(machine);
	t.is(noBrowser.code, 1);
	t.deepEqual(noBrowser.failed, ['nss'], noBrowser.stdout);
	t.is(noBrowser.of('nss')[0]?.hint, 'sealport trust');

	t.is((await machine.sealport(['trust'])).code, 0);
	t.is((await machine.sealport(['untrust', '--store', 'java'])).code, 0);
	const noJava = await examine(machine);
	t.is(noJava.code, 1);
	t.deepEqual(noJava.failed, ['java'], noJava.stdout);
	t.regex(noJava.of('java')[0]?.detail ?? '', /PKIX/);
});

whole(
	'a client that does not use the store which holds the CA: a note with another way',
	async t => {
		const machine = await ownMachine(t);
		t.is((await machine.sealport(['trust'])).code, 0);
		writeFileSync(
			join(machine.home, '.curlrc'),
			'cacert = /etc/ssl/certs/ISRG_Root_X1.pem\ncapath = /var/empty\n',
		);
		const {PATH} = pathOfOnly(machine, 'curl');
		const {of, code, stdout} = await examine({
			...machine,
			sealport: args => machine.sealport(args, {PATH}),
		});
		t.is(code, 0, stdout);
		t.is(of('curl')[0]?.verdict, 'note');
		t.regex(of('curl')[0]?.detail ?? '', /does not use the trust store/);
	},
);

whole('localhost that leads elsewhere, or to one family only', async t => {
	const machine = await ownMachine(t);
	const look = async (hosts: string) => {
		const file = join(machine.home, 'hosts');
		writeFileSync(file, hosts);
		const {stdout} = await machine.run('unshare', [
			...['--mount', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', file],
			...['env', 'PATH=/var/empty', process.execPath],
			...[sealportProgram, 'doctor', '--json', '--port', '0'],
		]);
		return findingsOf(stdout).of('localhost')[0];
	};
	t.is((await look('127.0.0.1 localhost\n::1 localhost\n'))?.verdict, 'ok');
	const one = await look('127.0.0.1 localhost\n');
	t.is(one?.verdict, 'note');
	t.regex(one?.hint ?? '', /::1 localhost/);
	const foreign = await look('192.0.2.1 localhost\n');
	t.is(foreign?.verdict, 'failed');
	t.regex(foreign?.detail ?? '', /192\.0\.2\.1/);
});
