import {chmodSync, chownSync, existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {sealportProgram} from '../helpers/cli.js';
import {ownMachine} from '../helpers/own-machine.js';
import {all, ownMachines, systemTrust, visitors} from '../helpers/system-trust.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';
import {changesSince, trustState} from '../helpers/trust-state.js';

ownMachines(
	'every client of the system refuses, loads after trust, and refuses after untrust',
	async t => {
		const {machine, certs, sealport} = await systemTrust(t);
		const visit = await visitors(t, machine, certs);
		const before = await trustState(machine);
		t.deepEqual(await visit(), all('refused'));

		const trusted = await sealport('trust');
		t.is(trusted.code, 0, trusted.stdout + trusted.stderr);
		t.regex(trusted.stdout, /system +trusted now/);
		t.deepEqual(await visit(), all('loaded'));
		t.not((await changesSince(before, machine)).length, 0);
		const again = await sealport('trust');
		t.is(again.code, 0);
		t.regex(again.stdout, /system +was trusted/);

		const untrusted = await sealport('untrust');
		t.is(untrusted.code, 0, untrusted.stdout + untrusted.stderr);
		t.regex(untrusted.stdout, /system +taken out/);
		t.deepEqual(await changesSince(before, machine), []);
		t.deepEqual(await visit(), all('refused'));
		t.regex((await sealport('untrust')).stdout, /system +was not in it/);
		t.deepEqual(await changesSince(before, machine), []);
	},
);

ownMachines('a fake update-ca-certificates earlier in PATH is not run', async t => {
	const {machine, sealport, ours} = await systemTrust(t);
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
		t.deepEqual(await changesSince(before, machine), []);

		// The same authority for a server that root runs.
		const copied = join(machine.home, 'certs');
		await machine.run('cp', ['-r', certs, copied]);
		const visit = await visitors(t, machine, copied);
		t.deepEqual(await visit(), all('refused'));
		await paste(asked.stdout);
		t.deepEqual(await visit(), all('loaded'));
		t.regex((await person('trust')).stdout, /system +was trusted/);

		const held = await trustState(machine);
		const untrust = await person('untrust');
		t.is(untrust.code, 1);
		t.deepEqual(await changesSince(held, machine), []);
		await paste(untrust.stdout);
		t.deepEqual(await changesSince(before, machine), []);
		t.deepEqual(await visit(), all('refused'));
	},
);
