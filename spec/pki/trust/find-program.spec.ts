import test, {type ExecutionContext} from 'ava';
import {findProgram, isSafeProgram} from '../../../lib/pki/trust/find-program.js';
import {noOwnMachine, type OwnMachine, ownMachine} from '../../helpers/own-machine.js';
import {unless} from '../../helpers/programs.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const reason = noOwnMachine || (process.getuid?.() !== 0 && 'only root can make files of others');

/** A guarded directory with a guarded program in it, and two ways to one in a user's directory. */
const setting = `
set -e
umask 022
mkdir -p /var/lib/spec/safe /var/lib/spec/users
cd /var/lib/spec
printf '#!/bin/sh\\n' > safe/tool
chmod 755 safe/tool
cp safe/tool users/tool
chown 65534 users
`;

const search = `
import {findProgram} from ${JSON.stringify(new URL('../../../lib/pki/trust/find-program.js', import.meta.url).href)};
process.stdout.write(findProgram('tool', process.argv.slice(1)) ?? 'nothing');
`;

async function prepared(t: ExecutionContext) {
	const machine = await ownMachine(t);
	const shell = async (script: string) => {
		const {code, stderr} = await machine.run('sh', ['-ec', `cd /var/lib/spec || true; ${script}`]);
		t.is(code, 0, stderr);
	};
	t.is((await machine.run('sh', ['-c', setting])).code, 0);
	return {machine, shell};
}

async function find(machine: OwnMachine, ...directories: readonly string[]): Promise<string> {
	const args = ['--input-type=module', '--eval', search, ...directories];
	const {stdout, stderr} = await machine.run(process.execPath, args);
	return stdout + stderr;
}

const safe = '/var/lib/spec/safe';

unless(reason)('a program that only root can change is found, also by a link of root', async t => {
	const {machine, shell} = await prepared(t);
	t.is(await find(machine, safe), `${safe}/tool`);
	await shell('mkdir linked; ln -s ../safe/tool linked/tool');
	t.is(await find(machine, '/var/lib/spec/linked'), '/var/lib/spec/linked/tool');
	await shell('ln -s safe other');
	t.is(await find(machine, '/var/lib/spec/other'), '/var/lib/spec/other/tool');
	t.is(await find(machine, '/var/lib/spec/users', safe), `${safe}/tool`, 'the next directory');
	await shell('chown 0:0 safe; chmod 775 safe');
	t.is(await find(machine, safe), `${safe}/tool`, "root's own group is as good as root");
});

const unsafe: ReadonlyArray<readonly [title: string, script: string]> = [
	['in a directory of another user', 'chown 65534 safe'],
	['of another user', 'chown 65534 safe/tool'],
	['in a directory that a group can write to', 'chown 0:100 safe; chmod 775 safe'],
	['in a directory that anybody can write to', 'chmod 777 safe'],
	['in a directory that anybody can write to but not remove from', 'chmod 1777 safe'],
	['that a group can write to', 'chown 0:100 safe/tool; chmod 775 safe/tool'],
	['that anybody can write to', 'chmod 757 safe/tool'],
	['below a directory of another user', 'chown 65534 /var/lib/spec'],
	['behind a link into a directory of another user', 'ln -sf ../users/tool safe/tool'],
	[
		'behind a link of another user, although it leads to a guarded one',
		'cp safe/tool safe/real; ln -sf ../safe/real users/link; ln -sf ../users/link safe/tool',
	],
	[
		'behind a link that is of another user',
		'mv safe/tool safe/real; ln -s real safe/tool; chown -h 65534 safe/tool',
	],
	['that is a link to itself', 'ln -sf tool safe/tool'],
	['that is a link to nothing', 'ln -sf nothing safe/tool'],
	['that is not executable', 'chmod 644 safe/tool'],
	['that is a directory', 'rm safe/tool; mkdir safe/tool'],
];

unless(reason)('a program that others than root can change is not found', async t => {
	const {machine, shell} = await prepared(t);
	for (const [title, script] of unsafe) {
		await shell(`rm -rf /var/lib/spec; ${setting}`);
		t.is(await find(machine, safe), `${safe}/tool`);
		await shell(script);
		t.is(await find(machine, safe), 'nothing', `one ${title}`);
	}
	t.is(unsafe.length, 15);
});

unless(reason)('PATH is not searched', async t => {
	const {machine} = await prepared(t);
	const {stdout} = await machine.run(
		process.execPath,
		['--input-type=module', '--eval', search.replace(', process.argv.slice(1)', '')],
		{env: {PATH: safe}},
	);
	t.is(stdout, 'nothing');
});

unless(process.platform === 'win32' && 'there is no sh')('the real one is found', t => {
	t.regex(findProgram('sh') ?? '', /^\/.*\/sh$/);
	t.is(findProgram('no-such-program'), undefined);
});

test('a temporary directory is nowhere to find a program', t => {
	t.false(isSafeProgram(temporaryDirectory(t)));
	t.false(isSafeProgram('sh'));
});
