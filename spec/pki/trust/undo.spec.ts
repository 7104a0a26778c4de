import {
	chmodSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmdirSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../../lib/errors.js';
import {carryOut} from '../../../lib/pki/trust/carry-out.js';
import {thisMachine} from '../../../lib/pki/trust/machine.js';
import {commandLine, type Step} from '../../../lib/pki/trust/step.js';
import {undoFor} from '../../../lib/pki/trust/undo.js';
import {paperRoot} from '../../helpers/paper-root.js';
import {unless} from '../../helpers/programs.js';
import {run} from '../../helpers/run.js';
import {type Script, scriptedMachine} from '../../helpers/scripted-machine.js';
import {modeOf} from '../../helpers/stores.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const root = await paperRoot();
const posix = unless(
	process.platform === 'win32' && 'Windows has neither modes nor a POSIX shell',
	false,
);

/** A place with two files, and a directory of ours. */
function setting(t: ExecutionContext) {
	const [room, place, own] = [temporaryDirectory(t), temporaryDirectory(t), temporaryDirectory(t)];
	const [one, two] = [join(place, 'one.db'), join(place, 'two.db')];
	const made = join(room, 'above', 'new');
	const machine = thisMachine(own);
	const plan = (name = '') =>
		undoFor(machine, root, 'person', [one, two], [made, join(room, 'above')], name);
	return {one, two, own, made, room, plan};
}

const go = (steps: readonly Step[] | undefined) => carryOut(steps ?? [], 'person');

posix('files are put back byte for byte, mode and time included, and the record goes', async t => {
	const {one, two, own, plan} = setting(t);
	writeFileSync(one, Buffer.from([0, 255, 10, 13]));
	chmodSync(one, 0o604);
	utimesSync(one, 1_000_000, 1_000_000);
	await go(plan().before);
	writeFileSync(one, 'changed');
	writeFileSync(two, 'made');
	await go(plan().after);
	const putBack = plan().putBack;
	t.truthy(putBack);
	await go(putBack);
	t.deepEqual(readFileSync(one), Buffer.from([0, 255, 10, 13]));
	t.is(modeOf(one), 0o604);
	t.is(statSync(one).mtimeMs, 1_000_000_000);
	t.false(existsSync(two), 'it was not there before');
	t.deepEqual(readdirSync(own), []);
});

posix('the same by hand', async t => {
	const {one, two, own, plan} = setting(t);
	const typed = async (steps: readonly Step[] | undefined) => {
		for (const step of steps ?? []) {
			const {code, stderr} = await run('sh', ['-c', commandLine(step)]);
			t.is(code, 0, stderr);
		}
	};
	writeFileSync(one, 'before');
	await typed(plan().before);
	writeFileSync(one, 'changed');
	writeFileSync(two, 'made');
	await typed(plan().after);
	await typed(plan().putBack);
	t.is(readFileSync(one, 'utf8'), 'before');
	t.false(existsSync(two));
	t.deepEqual(readdirSync(own), []);
});

test('what the change made for files that were missing goes with them', async t => {
	const {one, two, made, room, plan} = setting(t);
	await go(plan().before);
	mkdirSync(made, {recursive: true});
	writeFileSync(one, '1');
	writeFileSync(two, '2');
	await go(plan().after);
	await go(plan().putBack);
	t.false(existsSync(one) || existsSync(two));
	t.deepEqual(readdirSync(room), []);
});

test('a directory that was there with a file stays, and so does one in use', async t => {
	const {one, made, plan} = setting(t);
	mkdirSync(made, {recursive: true});
	writeFileSync(one, '1');
	await go(plan().before);
	writeFileSync(one, '2');
	await go(plan().after);
	await go(plan().putBack);
	t.true(existsSync(made));
	rmSync(one);
	await go(plan().before);
	writeFileSync(one, '2');
	writeFileSync(join(made, 'of somebody else'), '');
	await go(plan().after);
	await go(plan().putBack);
	t.true(existsSync(made));
});

test('files that changed since are not put back; the record can be dropped', async t => {
	const {one, two, own, plan} = setting(t);
	writeFileSync(one, 'before');
	await go(plan().before);
	writeFileSync(one, 'changed');
	await go(plan().after);
	for (const change of [
		() => writeFileSync(one, 'changed by another'),
		() => rmSync(one),
		() => writeFileSync(two, 'new'),
	]) {
		writeFileSync(one, 'changed');
		t.truthy(plan().putBack);
		change();
		t.is(plan().putBack, undefined);
	}
	await go(plan().drop);
	t.deepEqual(readdirSync(own), []);
});

test('what cannot be read is not taken for a file that was missing', async t => {
	const {one, two, plan} = setting(t);
	writeFileSync(one, 'before');
	await go(plan().before);
	mkdirSync(two);
	t.is(plan().keep, undefined);
	rmdirSync(two);
	writeFileSync(one, 'changed');
	await go(plan().after);
	mkdirSync(two);
	t.is(plan().putBack, undefined);
	rmdirSync(two);
	t.truthy(plan().putBack);
});

test('what others than root can change is not put back by root', t => {
	const file = '/opt/jdk/lib/security/cacerts';
	const plan = (script: Partial<Script>) =>
		undoFor(scriptedMachine({platform: 'linux', ...script}), root, 'root', [file]);
	const [made] = plan({}).before;
	const record = made?.kind === 'directory' ? made.path : '';
	const files = {
		[file]: 'changed',
		[join(record, 'before-cacerts')]: 'before',
		[join(record, 'after-cacerts')]: 'changed',
	};
	t.truthy(plan({files}).putBack);
	for (const unguarded of [record, dirname(record), '/var/lib']) {
		const found = unguarded === record ? files : {[join(unguarded, 'other')]: ''};
		t.throws(() => plan({files: found, unguarded: [unguarded]}), {
			instanceOf: UserError,
			message: /others than root can change it/,
		});
	}
});

test('without a record, or with half of one, there is nothing to put back', async t => {
	const {one, own, plan} = setting(t);
	writeFileSync(one, 'before');
	t.is(plan().putBack, undefined);
	t.deepEqual(plan().drop, []);
	await go(plan().before);
	t.is(plan().putBack, undefined, 'the change broke off');
	const keep = plan().keep;
	rmSync(one);
	t.is(plan().keep, undefined);
	t.is(plan().putBack, undefined, 'and the file is gone');
	writeFileSync(one, 'changed by what takes the change back');
	await go(keep);
	t.is(readFileSync(one, 'utf8'), 'before');
	t.deepEqual(readdirSync(own), []);
	t.is(plan().keep, undefined);

	await go(plan().before);
	await go(plan().drop);
	t.deepEqual(readdirSync(own), []);
});

test('an old record makes way for a new one', async t => {
	const {one, two, plan} = setting(t);
	writeFileSync(one, 'long ago');
	writeFileSync(two, 'long ago');
	await go(plan().before);
	await go(plan().after);
	writeFileSync(one, 'before');
	rmSync(two);
	await go(plan().before);
	t.is(plan().putBack, undefined, 'what was recorded after the other change is gone');
	writeFileSync(one, 'changed');
	await go(plan().after);
	await go(plan().putBack);
	t.is(readFileSync(one, 'utf8'), 'before');
	t.false(existsSync(two));
});

test('two places that change the same files keep apart, and the last one leaves nothing', async t => {
	const {one, own, plan} = setting(t);
	writeFileSync(one, '0');
	await go(plan('a').before);
	writeFileSync(one, '1');
	await go(plan('a').after);
	await go(plan('b').before);
	writeFileSync(one, '2');
	await go(plan('b').after);
	t.is(plan('a').putBack, undefined, 'the other one changed it since');
	await go(plan('b').putBack);
	t.is(readFileSync(one, 'utf8'), '1');
	await go(plan('a').putBack);
	t.is(readFileSync(one, 'utf8'), '0');
	t.deepEqual(readdirSync(own), []);
});
