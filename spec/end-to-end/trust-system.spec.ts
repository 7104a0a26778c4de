import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {openAuthority} from '../../lib/pki/store/open-authority.js';
import {rootOf} from '../../lib/pki/trust/root.js';
import {startBackend} from '../helpers/backend.js';
import {sealportProgram} from '../helpers/cli.js';
import {noOwnMachine, type OwnMachine, ownMachine} from '../helpers/own-machine.js';
import {pathOf, unless} from '../helpers/programs.js';
import {runClient, systemClients} from '../helpers/system-clients.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {trustState} from '../helpers/trust-state.js';

const programs = [...Object.values(systemClients).map(({program}) => program), 'keytool'];
const missing = programs.filter(program => pathOf(program) === undefined);
const ownMachines = unless(
	noOwnMachine ||
		(process.getuid?.() !== 0 && 'only root owns the files of the system') ||
		(missing.length > 0 && `${missing.join(', ')} not installed`),
);

const certificates = '/usr/local/share/ca-certificates';

/** A machine with an authority of its own. */
async function setting(t: ExecutionContext) {
	const machine = await ownMachine(t);
	const certs = join(machine.home, 'certs');
	await openAuthority(certs);
	const file = join(certs, 'ca.pem');
	const {name} = rootOf(readFileSync(file), file);
	const sealport = (command: 'trust' | 'untrust', env?: NodeJS.ProcessEnv) =>
		machine.sealport([command, '--store', 'system', '--certs', certs], env);
	return {machine, certs, name, file, sealport, ours: `${certificates}/${name}.crt`};
}

/** A sealport in front of a backend that remembers what it was asked for. */
async function serving(t: ExecutionContext, machine: OwnMachine, certs: string) {
	const seen = new Set<string>();
	const backend = await startBackend(t, (request, response) => {
		seen.add(request.url ?? '');
		response.setHeader('content-type', 'text/plain');
		// What git takes for a repository with one branch.
		response.end('95d09f2b10159347eece71399a7e2e907ea3df4f\trefs/heads/main\n');
	});
	const args = [String(backend.port), '--port', '0', '--json', '--certs', certs];
	const {port} = await machine.start(process.execPath, [sealportProgram, ...args]).listening();
	let visits = 0;
	/** Which clients load a page, and whether the backend saw them. */
	return async () => {
		visits += 1;
		const visit = `/visit-${visits}`;
		const loaded = await Promise.all(
			Object.entries(systemClients).map(async ([client, how], index) => {
				const path = `${visit}/${index}`;
				const {code} = await runClient(machine.run, how, port, path);
				const isSeen = [...seen].some(asked => asked === path || asked.startsWith(`${path}/`));
				if ((code === 0) !== isSeen) {
					return [client, `code ${code}, seen by the backend: ${isSeen}`];
				}
				return [client, isSeen ? 'loaded' : 'refused'];
			}),
		);
		return Object.fromEntries(loaded);
	};
}

const all = (verdict: string) =>
	Object.fromEntries(Object.keys(systemClients).map(client => [client, verdict]));

ownMachines(
	'every client of the system refuses, loads after trust, and refuses after untrust',
	async t => {
		const {machine, certs, sealport} = await setting(t);
		const visit = await serving(t, machine, certs);
		const before = await trustState(machine);
		t.deepEqual(await visit(), all('refused'));

		const trusted = await sealport('trust');
		t.is(trusted.code, 0, trusted.stdout + trusted.stderr);
		t.regex(trusted.stdout, /system +trusted now/);
		t.deepEqual(await visit(), all('loaded'));
		t.notDeepEqual(await trustState(machine), before);
		const again = await sealport('trust');
		t.is(again.code, 0);
		t.regex(again.stdout, /system +was trusted/);

		const untrusted = await sealport('untrust');
		t.is(untrusted.code, 0, untrusted.stdout + untrusted.stderr);
		t.regex(untrusted.stdout, /system +taken out/);
		t.deepEqual(await trustState(machine), before);
		t.deepEqual(await visit(), all('refused'));
		t.regex((await sealport('untrust')).stdout, /system +was not in it/);
		t.deepEqual(await trustState(machine), before);
	},
);

ownMachines('what others changed meanwhile stays, and ours goes all the same', async t => {
	const {machine, certs, sealport, name} = await setting(t);
	const other = `${certificates}/other.crt`;
	const keystore = '/etc/ssl/certs/java/cacerts';
	t.is((await sealport('trust')).code, 0);
	await openAuthority(join(machine.home, 'other'));
	await machine.run('cp', [join(machine.home, 'other/ca.pem'), other]);
	await machine.run('update-ca-certificates', []);
	// Nothing makes the hook of ca-certificates-java drop an entry: that is left to the store of its own.
	const untrust = ['untrust', '--store', 'system,java', '--certs', certs];
	const {code, stdout} = await machine.sealport(untrust);
	t.is(code, 0, stdout);
	const listed = await machine.run('keytool', [
		...['-list', '-keystore', keystore, '-storepass', 'changeit'],
	]);
	t.regex(listed.stdout, /^debian:other\.pem,/m);
	t.false(listed.stdout.includes(name));
	t.is((await machine.run('ls', [other, '/etc/ssl/certs/other.pem'])).code, 0);
	const left = await machine.run('sh', ['-c', `ls /etc/ssl/certs ${certificates} /var/lib`]);
	t.false(/sealport/.test(left.stdout));
});

ownMachines('a fake update-ca-certificates earlier in PATH is not run', async t => {
	const {machine, sealport, ours} = await setting(t);
	const fakes = join(machine.home, 'bin');
	mkdirSync(fakes);
	for (const name of ['update-ca-certificates', 'openssl', 'run-parts', 'install', 'cp']) {
		writeFileSync(join(fakes, name), `#!/bin/sh\ntouch ${machine.home}/fooled\n`, {mode: 0o755});
	}
	const env = {PATH: `${fakes}:${process.env.PATH}`};
	t.is((await sealport('trust', env)).code, 0);
	t.is((await machine.run('ls', [ours])).code, 0);
	t.is((await sealport('untrust', env)).code, 0);
	t.false(existsSync(join(machine.home, 'fooled')));
});

const obstacles: ReadonlyArray<readonly [what: string, script: string]> = [
	['a symbolic link in place of the file', 'ln -s "$HOME/target" "$OURS"'],
	['a dangling link in place of the file', 'ln -s "$HOME/nothing" "$OURS"'],
	['a symbolic link in place of the directory', 'rmdir "$PLACE"; ln -s "$HOME/others" "$PLACE"'],
	['a directory that a group can write to', 'chgrp 100 "$PLACE"; chmod 775 "$PLACE"'],
	['a directory of another user', 'chown 65534 "$PLACE"'],
	['something else under the name of ours', 'echo mine > "$OURS"'],
];

ownMachines('refused: links, what others can write to, and what is not ours', async t => {
	const {machine, sealport, ours} = await setting(t);
	const env = {OURS: ours, PLACE: certificates};
	const target = join(machine.home, 'target');
	writeFileSync(target, 'of somebody else');
	mkdirSync(join(machine.home, 'others'));
	for (const [what, script] of obstacles) {
		const clean = 'rm -rf "$PLACE"; mkdir "$PLACE"; ';
		const {code: prepared, stderr} = await machine.run('sh', ['-ec', clean + script], {env});
		t.is(prepared, 0, stderr);
		const before = await trustState(machine);
		const {code, stdout} = await sealport('trust');
		t.is(code, 1, what);
		t.regex(stdout, /system +failed/, what);
		t.regex(stdout, /cannot (use|write) \/usr\/local\/share\/ca-certificates.*: /, what);
		t.regex(stdout, /hint: see /, what);
		t.deepEqual(await trustState(machine), before, what);
		t.is(readFileSync(target, 'utf8'), 'of somebody else', what);
		t.deepEqual(readdirSync(join(machine.home, 'others')), [], what);
	}
});

ownMachines(
	'without the rights nothing changes, and the commands that are printed do it',
	async t => {
		const machine = await ownMachine(t);
		const home = temporaryDirectory(t);
		const certs = join(home, 'a directory', 'certs');
		chmodSync(home, 0o755);
		mkdirSync(join(home, 'a directory'));
		chownSync(join(home, 'a directory'), 65_534, 65_534);
		const person = (command: string) =>
			machine.run(
				process.execPath,
				[sealportProgram, command, '--store', 'system', '--certs', certs],
				{uid: 65_534, env: {HOME: home}},
			);
		/** Pastes what is printed, as root, who needs no sudo. */
		const paste = async (stdout: string) => {
			const commands = stdout.split('\n').flatMap(line => /^ +sudo (.+)$/.exec(line)?.[1] ?? []);
			t.true(commands.length >= 2, stdout);
			for (const command of commands) {
				const {code, stderr} = await machine.run('sh', ['-c', command]);
				t.is(code, 0, `${command}: ${stderr}`);
				t.is(stderr.replace(/^rehash: warning: .*\n/gm, ''), '', command);
			}
		};
		const before = await trustState(machine);
		const asked = await person('trust');
		t.is(asked.code, 1, asked.stderr);
		t.regex(asked.stdout, /system +needs root/);
		t.deepEqual(await trustState(machine), before);

		// The same authority for a server that root runs.
		const copied = join(machine.home, 'certs');
		await machine.run('cp', ['-r', certs, copied]);
		const visit = await serving(t, machine, copied);
		t.deepEqual(await visit(), all('refused'));
		await paste(asked.stdout);
		t.deepEqual(await visit(), all('loaded'));
		t.regex((await person('trust')).stdout, /system +was trusted/);

		const held = await trustState(machine);
		const untrust = await person('untrust');
		t.is(untrust.code, 1);
		t.deepEqual(await trustState(machine), held);
		await paste(untrust.stdout);
		t.deepEqual(await trustState(machine), before);
		t.deepEqual(await visit(), all('refused'));
	},
);
