import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../../lib/errors.js';
import {carryOut} from '../../../lib/pki/trust/carry-out.js';
import type {Machine} from '../../../lib/pki/trust/machine.js';
import {findNss} from '../../../lib/pki/trust/nss.js';
import type {Place} from '../../../lib/pki/trust/place.js';
import type {Root} from '../../../lib/pki/trust/root.js';
import {contentOf} from '../../helpers/content.js';
import {certutil, machineWithHome, makeDatabase, rowsOf} from '../../helpers/nss.js';
import {needs} from '../../helpers/programs.js';
import {newRoot} from '../../helpers/root.js';
import {scriptedMachine} from '../../helpers/scripted-machine.js';

const title = needs('certutil');

async function onlyPlace(t: ExecutionContext, machine: Machine): Promise<Place> {
	const [place, ...more] = await findNss(machine);
	if (place === undefined || more.length > 0) {
		throw new Error(`one place was expected, not ${more.length + (place === undefined ? 0 : 1)}`);
	}
	t.is(place.obstacle, undefined);
	return place;
}

const add = async (place: Place, root: Root) => carryOut(await place.add(root), place.by);
const remove = async (place: Place, root: Root) => carryOut(await place.remove(root), place.by);
const holds = async (place: Place, {fingerprint256}: Root['certificate']) =>
	(await place.look()).some(found => found.fingerprint256 === fingerprint256);

title('a database is made where Chromium has none, and goes away with the root', async t => {
	const machine = machineWithHome(t, 'chromium');
	const root = await newRoot(t);
	const before = contentOf(machine.home);
	const place = await onlyPlace(t, machine);
	t.false(await holds(place, root.certificate));

	await add(place, root);
	t.true(await holds(place, root.certificate));
	t.deepEqual(await rowsOf(join(machine.home, '.pki', 'nssdb')), [`${root.name} C,,`]);

	await remove(place, root);
	t.false(await holds(place, root.certificate));
	const left = contentOf(machine.home);
	t.deepEqual(
		Object.keys(left).filter(path => path.startsWith('.pki')),
		[],
	);
	t.deepEqual(before, {});
});

title('a database that could not be filled is not left behind', async t => {
	const machine = machineWithHome(t, 'chromium');
	const root = await newRoot(t);
	const broken = join(machine.home, 'certutil');
	writeFileSync(broken, '#!/bin/sh\ntest "$1" = -A || exec certutil "$@"\nexit 1\n', {mode: 0o755});
	mkdirSync(machine.directory, {recursive: true});
	const before = contentOf(machine.home);
	const find = (name: string) => (name === 'certutil' ? broken : machine.find(name));
	const place = await onlyPlace(t, {...machine, find});
	await t.throwsAsync(add(place, root), {instanceOf: UserError, message: /certutil -A/});
	t.deepEqual(contentOf(machine.home), before);
});

test('no database is made where there is no browser', async t => {
	t.deepEqual(await findNss(machineWithHome(t)), []);
});

title('a database with certificates is byte for byte what it was', async t => {
	const machine = machineWithHome(t);
	const directory = join(machine.home, '.pki', 'nssdb');
	const [root, other] = [await newRoot(t), await newRoot(t)];
	await makeDatabase(directory);
	await certutil(directory, '-A', '-n', "other's CA: a, b", '-t', 'CT,C,', '-i', other.file);
	const before = contentOf(directory);
	const place = await onlyPlace(t, machine);
	t.true(await holds(place, other.certificate));

	await add(place, root);
	t.notDeepEqual(contentOf(directory), before);
	t.true(await holds(place, root.certificate));
	await remove(place, root);
	t.deepEqual(contentOf(directory), before);
	t.false(existsSync(join(machine.directory, 'undo')), 'the record is gone, too');
});

title('what came into a database after the root stays when the root goes', async t => {
	const machine = machineWithHome(t);
	const directory = join(machine.home, '.pki', 'nssdb');
	const [root, other] = [await newRoot(t), await newRoot(t)];
	await makeDatabase(directory);
	const place = await onlyPlace(t, machine);
	await add(place, root);
	await certutil(directory, '-A', '-n', 'other', '-t', 'C,,', '-i', other.file);
	await remove(place, root);
	t.deepEqual(await rowsOf(directory), ['other C,,']);
	t.false(existsSync(join(machine.directory, 'undo')), 'the record is gone, too');
});

title('a root counts under any name, but only when it is trusted', async t => {
	const machine = machineWithHome(t);
	const directory = join(machine.home, '.pki', 'nssdb');
	const root = await newRoot(t);
	await makeDatabase(directory);
	await certutil(directory, '-A', '-n', 'my own name', '-t', 'T,C,C', '-i', root.file);
	const place = await onlyPlace(t, machine);
	t.false(await holds(place, root.certificate), 'not trusted for servers');
	await add(place, root);
	t.true(await holds(place, root.certificate));
	await certutil(directory, '-M', '-n', 'my own name', '-t', 'CT,,');
	t.true(await holds(place, root.certificate));
	await remove(place, root);
	t.deepEqual(await rowsOf(directory), []);
});

title(
	'a locked database is not waited for: the command that asks for the password is named',
	async t => {
		const machine = machineWithHome(t);
		const directory = join(machine.home, '.pki', 'nssdb');
		const root = await newRoot(t);
		await makeDatabase(directory, 'secret');
		const before = await rowsOf(directory);
		const place = await onlyPlace(t, machine);
		t.false(await holds(place, root.certificate));
		const error = await t.throwsAsync(place.add(root), {instanceOf: UserError});
		t.is(error?.code, 'trust-store-unusable');
		t.regex(error?.message ?? '', /locked with a primary password/);
		t.deepEqual(await rowsOf(directory), before, 'nothing half done');

		const [, command = ''] = /: (\/.*certutil .*)$/.exec(error?.hint ?? '') ?? [];
		const [, ...args] = command.split(' ');
		await certutil(directory, ...args, '-f', join(directory, 'password'));
		t.true(await holds(place, root.certificate), 'as done by hand');
		await remove(place, root);
		t.deepEqual(await rowsOf(directory), []);
	},
);

title('keys without certificates get a database beside them', async t => {
	const machine = machineWithHome(t, 'chromium');
	const directory = join(machine.home, '.pki', 'nssdb');
	const root = await newRoot(t);
	await makeDatabase(directory);
	await carryOut([{kind: 'remove', path: join(directory, 'cert9.db')}], 'person');
	const place = await onlyPlace(t, machine);
	await add(place, root);
	t.true(await holds(place, root.certificate));
});

title('a damaged database is said to be one', async t => {
	const machine = machineWithHome(t);
	const directory = join(machine.home, '.pki', 'nssdb');
	await makeDatabase(directory);
	writeFileSync(join(directory, 'cert9.db'), 'no database');
	const place = await onlyPlace(t, machine);
	const error = await t.throwsAsync(place.look(), {instanceOf: UserError});
	t.is(error?.code, 'trust-store-unusable');
	t.regex(error?.message ?? '', /cannot read the database .*nssdb: .*SEC_ERROR/);
});

for (const platform of ['darwin', 'win32'] as const) {
	test(`on ${platform} browsers ask the system`, async t => {
		const files = {'/home/jane/.pki/nssdb/cert9.db': ''};
		t.deepEqual(await findNss(scriptedMachine({platform, files})), []);
	});
}
