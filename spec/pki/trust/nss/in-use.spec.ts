import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, copyFileSync, linkSync, openSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {carryOut} from '../../../../lib/pki/trust/carry-out.js';
import {isInUse} from '../../../../lib/pki/trust/nss/in-use.js';
import {findNss} from '../../../../lib/pki/trust/nss.js';
import {certutil, machineWithHome, makeDatabase, rowsOf} from '../../../helpers/nss.js';
import {needs, unless} from '../../../helpers/programs.js';
import {newRoot} from '../../../helpers/root.js';
import {temporaryDirectory} from '../../../helpers/temporary-directory.js';

/**
 * Lets somebody else's process have a file open: the child of a shell, since our own children do not
 * count. It ends when it is told to, or with the spec.
 */
async function holdOpen(t: ExecutionContext, path: string): Promise<() => Promise<void>> {
	const file = openSync(path, 'r+');
	const shell = spawn('sh', ['-c', 'cat; :'], {stdio: ['pipe', 'pipe', 'ignore', file]});
	closeSync(file);
	const ended = once(shell, 'exit');
	const end = async () => {
		shell.stdin?.end();
		await ended;
	};
	t.teardown(end);
	shell.stdin?.write('begun');
	if (shell.stdout !== null) {
		await once(shell.stdout, 'data');
	}
	return end;
}

const onLinux = unless(process.platform !== 'linux' && 'only Linux has /proc', false);

onLinux('a file is in use while a process has it open, under whatever name', async t => {
	const directory = temporaryDirectory(t);
	const [file, copy] = [join(directory, 'cert9.db'), join(temporaryDirectory(t), 'cert9.db')];
	writeFileSync(file, '');
	copyFileSync(file, copy);
	t.false(isInUse([file]));
	const end = await holdOpen(t, file);
	t.true(isInUse([join(directory, 'missing'), file]));
	t.false(isInUse([copy]));
	await end();
	t.false(isInUse([file]));
	const other = join(temporaryDirectory(t), 'cert9.db');
	linkSync(file, other);
	await holdOpen(t, other);
	t.true(isInUse([file]), 'a sandbox shows the same file elsewhere');
});

needs('certutil')('files are not replaced below a running browser', async t => {
	const machine = machineWithHome(t);
	const directory = join(machine.home, '.pki', 'nssdb');
	const root = await newRoot(t);
	await makeDatabase(directory);
	const [place] = await findNss(machine);
	if (place === undefined) {
		throw new Error('no place');
	}
	await carryOut(await place.add(root), 'person');
	t.is(place.afterwards, undefined);
	const end = await holdOpen(t, join(directory, 'cert9.db'));
	t.regex(place.afterwards ?? '', /start the browser anew/);
	const steps = await place.remove(root);
	t.false(steps.some(({kind}) => kind === 'copy'));
	await carryOut(steps, 'person');
	t.deepEqual(await rowsOf(directory), []);

	const other = await newRoot(t);
	const adding = await place.add(root);
	t.false(
		adding.some(({kind}) => kind === 'copy'),
		'nor is there a record of files in motion',
	);
	await carryOut(adding, 'person');
	await certutil(directory, '-A', '-n', 'other', '-t', 'C,,', '-i', other.file);
	await end();
	await carryOut(await place.remove(root), 'person');
	t.deepEqual(await rowsOf(directory), ['other C,,']);
});
