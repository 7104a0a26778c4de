import {
	chmodSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {UserError} from '../../../lib/errors.js';
import {carryOut} from '../../../lib/pki/trust/carry-out.js';
import {commandLine, type Step} from '../../../lib/pki/trust/step.js';
import {unless} from '../../helpers/programs.js';
import {run} from '../../helpers/run.js';
import {modeOf} from '../../helpers/stores.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const posix = unless(
	process.platform === 'win32' && 'Windows has neither modes nor a POSIX shell',
	false,
);

/** A directory with a file, a link to it, an empty directory and one in use. */
function setting(t: ExecutionContext) {
	const at = temporaryDirectory(t);
	const path = (name: string) => join(at, name);
	writeFileSync(path('file'), 'content');
	chmodSync(path('file'), 0o640);
	utimesSync(path('file'), 1_000_000, 1_000_000);
	symlinkSync('file', path('link'));
	mkdirSync(path('empty'));
	mkdirSync(path('used'));
	writeFileSync(path('used/one'), '1');
	symlinkSync('used', path('way'));
	writeFileSync(path('source'), 'new');
	return path;
}

type Path = ReturnType<typeof setting>;

const steps: Readonly<Record<string, (path: Path) => Step>> = {
	'a program runs': path => ({kind: 'run', program: '/bin/cp', args: [path('file'), path('new')]}),
	'a directory is made': path => ({kind: 'directory', path: path('one/two'), mode: 0o755}),
	'a directory is there': path => ({kind: 'directory', path: path('used'), mode: 0o700}),
	'a file is written': path => ({
		...{kind: 'write', path: path('new'), content: 'new', from: path('source'), mode: 0o644},
	}),
	'a file is replaced': path => ({
		...{kind: 'write', path: path('file'), content: 'new', from: path('source'), mode: 0o600},
	}),
	'a file is copied': path => ({kind: 'copy', from: path('file'), to: path('new')}),
	'a file is copied over another': path => ({kind: 'copy', from: path('file'), to: path('source')}),
	'a file is moved': path => ({kind: 'move', from: path('file'), to: path('new')}),
	'a file is moved over another': path => ({kind: 'move', from: path('file'), to: path('source')}),
	'a file is removed': path => ({kind: 'remove', path: path('file')}),
	'a link is removed, not its file': path => ({kind: 'remove', path: path('link')}),
	'nothing is removed': path => ({kind: 'remove', path: path('nothing')}),
	'an empty directory is removed': path => ({kind: 'remove-directory', path: path('empty')}),
};

for (const [title, stepFor] of Object.entries(steps)) {
	posix(`${title}, and its command line does the same`, async t => {
		const [ours, typed] = [setting(t), setting(t)];
		const before = tree(ours);
		await carryOut([stepFor(ours)], 'person');
		const {code, stderr} = await run('sh', ['-c', commandLine(stepFor(typed), 'linux')]);
		t.is(code, 0, stderr);
		t.deepEqual(tree(ours), tree(typed));
		if (title !== 'nothing is removed' && title !== 'a directory is there') {
			t.notDeepEqual(tree(ours), before);
		}
	});
}

posix('a copy keeps mode and time; a file that is missing is not copied', async t => {
	const path = setting(t);
	await carryOut(
		[
			{kind: 'copy', from: path('file'), to: path('new')},
			{kind: 'copy', from: path('nothing'), to: path('source')},
		],
		'person',
	);
	t.is(modeOf(path('new')), 0o640);
	t.is(lstatSync(path('new')).mtimeMs, 1_000_000_000);
	t.is(readFileSync(path('source'), 'utf8'), 'new');
});

posix('a directory in use stays, and so does what is missing', async t => {
	const path = setting(t);
	await carryOut(
		[
			{kind: 'remove-directory', path: path('used')},
			{kind: 'remove-directory', path: path('nothing')},
		],
		'person',
	);
	t.is(readFileSync(path('used/one'), 'utf8'), '1');
});

const refused: Readonly<Record<string, (path: Path) => Step>> = {
	'a file is not written through a link': path => ({
		...{kind: 'write', path: path('link'), content: 'new', from: path('source'), mode: 0o644},
	}),
	'a link is not copied': path => ({kind: 'copy', from: path('link'), to: path('new')}),
	'a file is not copied over a link': path => ({
		kind: 'copy',
		from: path('source'),
		to: path('link'),
	}),
	'a file is not moved over a link': path => ({
		kind: 'move',
		from: path('source'),
		to: path('link'),
	}),
	'a link is not taken for a directory': path => ({
		kind: 'directory',
		path: path('way'),
		mode: 0o700,
	}),
	'a directory is not removed as a file': path => ({kind: 'remove', path: path('empty')}),
	'a link to a directory is not removed as one': path => ({
		kind: 'remove-directory',
		path: path('way'),
	}),
	'a file is not written where there is no directory': path => ({
		...{kind: 'write', path: path('no/file'), content: '', from: path('source'), mode: 0o644},
	}),
};

for (const [title, stepFor] of Object.entries(refused)) {
	posix(`refused: ${title}`, async t => {
		const path = setting(t);
		const before = tree(path);
		const step = stepFor(path);
		const error = await t.throwsAsync(carryOut([step], 'person'), {instanceOf: UserError});
		t.is(error?.code, 'trust-store-unusable');
		t.true(error?.message.startsWith(`${commandLine(step)}: `), error?.message);
		t.truthy(error?.hint);
		t.deepEqual(tree(path), before);
	});
}

/** Everything below a directory: kind, mode and content. */
function tree(path: Path): Readonly<Record<string, string>> {
	const names = readdirSync(path('.'), {recursive: true, encoding: 'utf8'}).sort();
	return Object.fromEntries(
		names.map(name => {
			const found = lstatSync(path(name));
			const content = found.isFile() ? readFileSync(path(name), 'utf8') : '';
			return [name, `${(found.mode).toString(8)} ${content}`];
		}),
	);
}
