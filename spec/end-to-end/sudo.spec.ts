import {chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {noOwnMachine, type OwnMachine, ownMachine} from '../helpers/own-machine.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const uid = 4321;

/** A machine with a person on it who may call sudo, and what sudo would set. */
async function withPerson(t: ExecutionContext): Promise<{
	readonly machine: OwnMachine;
	readonly person: string;
	readonly env: NodeJS.ProcessEnv;
}> {
	const machine = await ownMachine(t);
	const place = temporaryDirectory(t);
	chmodSync(place, 0o755);
	const person = join(place, 'person');
	mkdirSync(person);
	chownSync(person, uid, uid);
	const users = join(machine.home, 'passwd');
	writeFileSync(users, `root:x:0:0::/root:/bin/sh\nperson:x:${uid}:${uid}::${person}:/bin/sh\n`);
	await machine.run('mount', ['--bind', users, '/etc/passwd']);
	return {machine, person, env: {SUDO_UID: String(uid), SUDO_GID: String(uid)}};
}

/** Every file below a directory with its owner. */
function owners(directory: string): readonly (readonly [path: string, uid: number])[] {
	return readdirSync(directory, {recursive: true, encoding: 'utf8'}).map(
		name => [name, lstatSync(join(directory, name)).uid] as const,
	);
}

unless(noOwnMachine)('sudo sealport trust keeps what is personal with the person', async t => {
	const {machine, person, env} = await withPerson(t);
	const {code, stdout, stderr} = await machine.sealport(['trust', '--json'], env);
	t.is(code, 0, stdout + stderr);
	const files = owners(person);
	t.true(files.some(([name]) => name === '.local/share/sealport/authority.pem'));
	t.deepEqual(
		files.filter(([, owner]) => owner !== uid),
		[],
	);
	t.deepEqual(
		owners(machine.home).map(([name]) => name),
		['passwd'],
		'nothing was made in the home that sudo set',
	);
	const anchors = '/usr/local/share/ca-certificates';
	const {stdout: system} = await machine.run('find', [
		anchors,
		'-name',
		'sealport-*',
		'-printf',
		'%U %m',
	]);
	t.is(system, '0 644');

	const taken = await machine.sealport(['untrust', '--json'], env);
	t.is(taken.code, 0, taken.stdout + taken.stderr);
	t.is((await machine.run('find', [anchors, '-name', 'sealport-*'])).stdout, '');
});
