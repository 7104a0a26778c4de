import {chmodSync, lstatSync, readFileSync} from 'node:fs';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import type {Actor} from '../../../lib/pki/trust/run-program.js';
import type {Step} from '../../../lib/pki/trust/step.js';
import {unless} from '../../helpers/programs.js';
import {run} from '../../helpers/run.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const onlyRoot = unless(process.getuid?.() !== 0 && 'only root runs under sudo', false);
const module = new URL('../../../lib/pki/trust/carry-out.js', import.meta.url).href;
const script = `
import {carryOut} from ${JSON.stringify(module)};
const [steps, as] = process.argv.slice(1);
await carryOut(JSON.parse(steps), as);
`;

/** What sudo sets for a program that the user 65534 runs. */
const sudo = {SUDO_UID: '65534', SUDO_GID: '65534'};

function carryOut(steps: readonly Step[], as: Actor, home = '/nowhere') {
	const args = ['--input-type=module', '--eval', script, JSON.stringify(steps), as];
	return run(process.execPath, args, {env: {...sudo, HOME: home}});
}

onlyRoot('under sudo, what is the person’s is done as that person, the rest as root', async t => {
	const directory = temporaryDirectory(t);
	chmodSync(directory, 0o777);
	for (const [as, uid] of [
		['person', 65534],
		['root', 0],
	] as const) {
		const path = (name: string) => join(directory, `${as}-${name}`);
		const write: Step = {
			...{kind: 'write', path: path('file'), content: 'x', from: '', mode: 0o644},
		};
		const {code, stderr} = await carryOut(
			[
				write,
				{kind: 'directory', path: path('directory'), mode: 0o700},
				{kind: 'copy', from: path('file'), to: path('copy')},
				{
					kind: 'run',
					program: '/bin/sh',
					args: [
						'-c',
						`id -u > ${path('run')}; pwd >> ${path('run')}; echo $HOME >> ${path('run')}`,
					],
				},
			],
			as,
			directory,
		);
		t.is(code, 0, stderr);
		for (const name of ['file', 'directory', 'copy', 'run']) {
			t.is(lstatSync(path(name)).uid, uid, `${as}: ${name}`);
		}
		const [user, place, home] = readFileSync(path('run'), 'utf8').split('\n');
		t.deepEqual([user, place], [String(uid), '/']);
		t.not(home, directory, 'as sudo may leave it');
		t.is(home === userInfo().homedir, as === 'root');
	}
});

onlyRoot('under sudo, a place of the person cannot be used to reach files of root', async t => {
	const directory = temporaryDirectory(t);
	const path = join(directory, 'file');
	const {code, stderr} = await carryOut(
		[{kind: 'write', path, content: 'x', from: '', mode: 0o644}],
		'person',
	);
	t.not(code, 0);
	t.regex(stderr, /permission denied \(EACCES\)/);
	t.is(lstatSync(path, {throwIfNoEntry: false}), undefined);
});
