import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {UserError} from '../../../lib/errors.js';
import {carryOut} from '../../../lib/pki/trust/carry-out.js';
import type {Deed, Step} from '../../../lib/pki/trust/step.js';
import {unless} from '../../helpers/programs.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const posix = unless(process.platform === 'win32' && 'there is no POSIX shell', false);

const shell = (script: string): Deed => ({kind: 'run', program: '/bin/sh', args: ['-c', script]});

posix('the first step that fails is named and the last one', async t => {
	const file = join(temporaryDirectory(t), 'file');
	writeFileSync(file, '');
	const failing = shell('echo so; echo one >&2; printf "bad \\033[1m\\n" >&2; exit 3');
	const error = await t.throwsAsync(carryOut([failing, {kind: 'remove', path: file}], 'person'));
	t.regex(error?.message ?? '', /^\/bin\/sh -c .*: it ended with code 3: bad \\x1b\[1m$/);
	t.true(existsSync(file));
});

posix('when a step fails, those before it are taken back, the last one first', async t => {
	const at = temporaryDirectory(t);
	const path = (name: string) => join(at, name);
	writeFileSync(path('file'), 'content');
	const note = (word: string) => shell(`echo ${word} >> ${path('notes')}`);
	const failing: Deed = {kind: 'run', program: '/bin/false', args: []};
	const steps: readonly Step[] = [
		{
			...{kind: 'directory', path: path('made'), mode: 0o700},
			rollback: [note('first'), {kind: 'remove-directory', path: path('made')}],
		},
		{
			...{kind: 'copy', from: path('file'), to: path('made/copy')},
			rollback: [failing, note('second'), {kind: 'remove', path: path('made/copy')}],
		},
		{...failing, rollback: [note('third')]},
		{kind: 'remove', path: path('file'), rollback: [note('never')]},
	];
	await t.throwsAsync(carryOut(steps, 'person'), {message: '/bin/false: it ended with code 1'});
	t.is(readFileSync(path('notes'), 'utf8'), 'third\nsecond\nfirst\n');
	t.deepEqual(readdirSync(at).sort(), ['file', 'notes']);

	await carryOut(steps.slice(0, 2), 'person');
	t.true(existsSync(path('made/copy')), 'what ends well stays');
});

const complaints: ReadonlyArray<readonly [script: string, said: string]> = [
	[
		'echo "keytool error: full"; echo "Certificate was added to keystore" >&2',
		'keytool error: full',
	],
	['echo no; echo; echo "Warning: use the -cacerts option"', 'no'],
	['echo so; echo "cannot write" >&2; echo "WARNING: it is old" >&2; echo >&2', 'cannot write'],
	[
		'echo "function failed: SEC_ERROR_IO" >&2; echo "see the handbook" >&2',
		'function failed: SEC_ERROR_IO',
	],
];

for (const [script, said] of complaints) {
	posix(`why a program failed is told: ${said}`, async t => {
		const error = await t.throwsAsync(carryOut([shell(`${script}; exit 1`)], 'person'));
		t.true(error?.message.endsWith(`: it ended with code 1: ${said}`), error?.message);
	});
}

test('a program that is not there is a failure', async t => {
	const step: Step = {kind: 'run', program: '/nowhere/tool', args: []};
	const error = await t.throwsAsync(carryOut([step], 'root'), {instanceOf: UserError});
	t.regex(error?.message ?? '', /^\/nowhere\/tool: it did not come to an end: .*ENOENT/);
});
