import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {openAuthority} from '../../lib/pki/store/open-authority.js';
import {certificates, ownMachines, systemTrust} from '../helpers/system-trust.js';
import {changesSince, trustState} from '../helpers/trust-state.js';

const obstacles: ReadonlyArray<readonly [what: string, script: string]> = [
	['a symbolic link in place of the file', 'ln -s "$HOME/target" "$OURS"'],
	['a dangling link in place of the file', 'ln -s "$HOME/nothing" "$OURS"'],
	['a symbolic link in place of the directory', 'rmdir "$PLACE"; ln -s "$HOME/others" "$PLACE"'],
	['a directory that a group can write to', 'chgrp 100 "$PLACE"; chmod 775 "$PLACE"'],
	['a directory of another user', 'chown 65534 "$PLACE"'],
	['something else under the name of ours', 'echo mine > "$OURS"'],
];

ownMachines('refused: links, what others can write to, and what is not ours', async t => {
	const {machine, sealport, ours} = await systemTrust(t);
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
		t.deepEqual(await changesSince(before, machine), [], what);
		t.is(readFileSync(target, 'utf8'), 'of somebody else', what);
		t.deepEqual(readdirSync(join(machine.home, 'others')), [], what);
	}
});

ownMachines('what others changed meanwhile stays, and ours goes all the same', async t => {
	const {machine, certs, sealport, name} = await systemTrust(t);
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

ownMachines('a change that breaks off is named, and can be taken back', async t => {
	const {machine, sealport, ours} = await systemTrust(t);
	const before = await trustState(machine);
	const shut =
		'mount --bind /etc/ssl/certs /etc/ssl/certs; mount -o remount,ro,bind /etc/ssl/certs';
	t.is((await machine.run('sh', ['-ec', shut])).code, 0);
	const trust = await sealport('trust');
	t.is(trust.code, 1);
	t.regex(trust.stdout, /system +failed/);
	t.regex(
		trust.stdout,
		/\/usr\/sbin\/update-ca-certificates: it ended with code \d+: .*[Rr]ead-only/,
	);
	t.is((await machine.run('ls', [ours])).code, 0, 'what was done so far is there');
	t.is((await machine.run('umount', ['/etc/ssl/certs'])).code, 0);

	t.is((await sealport('untrust')).code, 0);
	t.deepEqual(await changesSince(before, machine), []);
});

ownMachines('a keystore that the system cut short is put back', async t => {
	const {machine, sealport} = await systemTrust(t);
	const before = await trustState(machine);
	const program = '/usr/sbin/update-ca-certificates';
	const broken = join(machine.home, 'broken');
	writeFileSync(broken, '#!/bin/sh\n: >/etc/ssl/certs/java/cacerts\nexit 1\n', {mode: 0o755});
	t.is((await machine.run('mount', ['--bind', broken, program])).code, 0);
	const trust = await sealport('trust');
	t.regex(trust.stdout, /update-ca-certificates: it ended with code 1/);
	const changes = await changesSince(before, machine);
	t.deepEqual(
		changes.filter(line => line.includes('java')),
		[],
	);
	t.is((await machine.run('umount', [program])).code, 0);
	t.is((await sealport('untrust')).code, 0);
	t.deepEqual(await changesSince(before, machine), []);
});

ownMachines('two at once wait for each other, and leave what can be taken back', async t => {
	const {machine, certs, sealport} = await systemTrust(t);
	const before = await trustState(machine);
	const both = await Promise.all([sealport('trust'), sealport('trust')]);
	t.deepEqual(
		both.map(({code}) => code),
		[0, 0],
	);
	t.regex(both.map(({stdout}) => stdout).join(''), /system +was trusted/);
	t.regex(both.map(({stderr}) => stderr).join(''), /another sealport .*: waiting for it/);
	const untrust = ['untrust', '--store', 'java,system', '--certs', certs];
	t.is((await machine.sealport(untrust)).code, 0);
	t.deepEqual(await changesSince(before, machine), []);
});

ownMachines('Java first and the system later go out again without a trace', async t => {
	const {machine, certs, sealport} = await systemTrust(t);
	const before = await trustState(machine);
	t.is((await machine.sealport(['trust', '--store', 'java', '--certs', certs])).code, 0);
	t.is((await sealport('trust')).code, 0);
	const untrust = ['untrust', '--store', 'java,system', '--certs', certs];
	t.is((await machine.sealport(untrust)).code, 0);
	t.deepEqual(await changesSince(before, machine), []);
});
