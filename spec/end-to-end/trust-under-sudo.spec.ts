import {appendFileSync, chmodSync, chownSync, copyFileSync, lstatSync, readdirSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {rowsOf} from '../helpers/nss.js';
import {noOwnMachine, ownMachine} from '../helpers/own-machine.js';
import {needs, unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const id = 54_321;
const title =
	process.getuid?.() !== 0
		? unless('only root can become somebody else', false)
		: noOwnMachine === false
			? needs('certutil', 'chromium')
			: unless(noOwnMachine);

/** A machine with another user, whose home it is. */
async function machineOfJane(t: ExecutionContext) {
	const machine = await ownMachine(t);
	chmodSync(dirname(machine.home), 0o755);
	chownSync(machine.home, id, id);
	const users = join(temporaryDirectory(t), 'passwd');
	copyFileSync('/etc/passwd', users);
	appendFileSync(users, `jane:x:${id}:${id}::${machine.home}:/bin/sh\n`);
	await machine.run('mount', ['--bind', users, '/etc/passwd']);
	const env = {SUDO_UID: String(id), SUDO_GID: String(id), HOME: '/root'};
	return {home: machine.home, sudo: (...args: string[]) => machine.sealport(args, env)};
}

const ownersIn = (directory: string) =>
	readdirSync(directory, {recursive: true, encoding: 'utf8'}).map(
		path => [path, lstatSync(join(directory, path)).uid] as const,
	);

title(
	"under sudo the databases of the person's browsers are changed, and stay the person's",
	async t => {
		const {home, sudo} = await machineOfJane(t);
		const trusted = await sudo('trust', '--store', 'nss');
		t.is(trusted.code, 0, trusted.stdout + trusted.stderr);
		t.is((await rowsOf(join(home, '.pki', 'nssdb'))).length, 1);
		t.true(ownersIn(home).length > 10);
		t.deepEqual(
			ownersIn(home).filter(([, uid]) => uid !== id),
			[],
		);
		const untrusted = await sudo('untrust', '--store', 'nss');
		t.is(untrusted.code, 0, untrusted.stdout + untrusted.stderr);
		t.deepEqual(readdirSync(home), ['.local']);
	},
);

title("under sudo a database that is not the person's is refused", async t => {
	const {home, sudo} = await machineOfJane(t);
	await sudo('trust', '--store', 'nss');
	chownSync(join(home, '.pki', 'nssdb', 'cert9.db'), 0, 0);
	const {code, stdout} = await sudo('untrust', '--store', 'nss');
	t.is(code, 1);
	t.regex(stdout, /cert9\.db belongs to another user \(uid 0\)/);
});
