import {
	appendFileSync,
	chmodSync,
	chownSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import {findingsOf} from '../helpers/doctor.js';
import {noOwnMachine, ownMachine} from '../helpers/own-machine.js';
import {unless} from '../helpers/programs.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const id = 54_321;

unless(noOwnMachine)(
	'under sudo nothing of root lies where the person could put links, and no key lies there at all',
	async t => {
		const machine = await ownMachine(t);
		const {home} = machine;
		chmodSync(dirname(home), 0o755);
		const users = join(temporaryDirectory(t), 'passwd');
		copyFileSync('/etc/passwd', users);
		appendFileSync(users, `jane:x:${id}:${id}::${home}:/bin/sh\n`);
		await machine.run('mount', ['--bind', users, '/etc/passwd']);
		const [programs, temporary] = [join(home, 'programs'), join(home, 'tmp')];
		const seen = join(home, 'seen');
		for (const directory of [programs, temporary]) {
			mkdirSync(directory);
		}
		writeFileSync(
			join(programs, 'curl'),
			`#!/bin/sh\n/usr/bin/find "$TMPDIR" -printf '%U %P\\n' > ${seen}; exit 60\n`,
			{mode: 0o755},
		);
		for (const path of [home, programs, temporary]) {
			chownSync(path, id, id);
		}
		const env = {
			...{SUDO_UID: String(id), SUDO_GID: String(id), HOME: '/root'},
			...{PATH: programs, TMPDIR: temporary},
		};
		const made = await machine.sealport(['env'], {...env, PATH: process.env.PATH});
		t.is(made.code, 0, made.stderr);
		const {code, stdout, stderr} = await machine.sealport(['doctor', '--json', '--port=0'], env);
		t.is(code, 1, stdout + stderr);
		t.is(stderr, '');
		t.is(findingsOf(stdout).of('node')[0]?.verdict, 'note', stdout);
		t.true(existsSync(seen), 'the client has looked around');
		t.deepEqual(readFileSync(seen, 'utf8').trim().split('\n').sort(), [
			`${id} `,
			`${id} Probe.java`,
			`${id} probe.go`,
		]);
		t.deepEqual(readdirSync(temporary), []);
	},
);
