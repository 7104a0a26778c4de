import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {UserError} from '../../lib/errors.js';
import {placeTogether} from '../../lib/pki/place-together.js';
import {run} from '../helpers/run.js';
import {modeOf} from '../helpers/stores.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

const first = {name: 'a', content: 'new a', mode: 0o644};
const second = {name: 'b', content: 'new b', mode: 0o600};
/** A file whose content can be written, but which cannot be put into its place. */
const hopeless = {name: 'x'.repeat(300), content: 'new x', mode: 0o600};

for (const replace of [false, true]) {
	test(`files come with their modes, ${replace ? 'in place of others' : 'beside others'}`, t => {
		const directory = join(temporaryDirectory(t), 'new', 'directory');
		placeTogether(directory, [first, second], replace);
		t.deepEqual(readdirSync(directory), ['a', 'b']);
		t.is(readFileSync(join(directory, 'a'), 'utf8'), 'new a');
		t.deepEqual([modeOf(join(directory, 'a')), modeOf(join(directory, 'b'))], [0o644, 0o600]);
	});

	test(`when the last one fails, the others go away again${replace ? ', too' : ''}`, t => {
		const directory = temporaryDirectory(t);
		const error = t.throws(() => placeTogether(directory, [first, second, hopeless], replace), {
			instanceOf: UserError,
		});
		t.is(error?.code, 'file-unwritable');
		t.regex(error?.message ?? '', /ENAMETOOLONG/);
		t.deepEqual(readdirSync(directory), []);
	});
}

for (const links of ['with', 'without']) {
	test(`when the last one fails, what was in place of the others is back, ${links} hard links`, async t => {
		const directory = temporaryDirectory(t);
		writeFileSync(join(directory, 'a'), 'old a', {mode: 0o640});
		const files = JSON.stringify([first, second, hopeless]);
		const module = new URL('../../lib/pki/place-together.js', import.meta.url);
		const faults = new URL('../helpers/file-faults.js', import.meta.url);
		const script = `import {placeTogether} from '${module}';
			placeTogether(process.argv[1], ${files}, true);`;
		const {code, stderr} = await run(
			process.execPath,
			['--import', faults.href, '--input-type=module', '--eval', script, directory],
			{env: links === 'with' ? {} : {SPEC_NO_LINK: '1'}},
		);
		t.is(code, 1);
		t.regex(stderr, /ENAMETOOLONG/);
		t.deepEqual(readdirSync(directory), ['a']);
		t.is(readFileSync(join(directory, 'a'), 'utf8'), 'old a');
		t.is(modeOf(join(directory, 'a')), 0o640);
	});
}

test('a directory in the place of a file is never replaced', t => {
	const directory = temporaryDirectory(t);
	mkdirSync(join(directory, 'b'));
	const error = t.throws(() => placeTogether(directory, [first, second], true), {
		instanceOf: UserError,
	});
	t.is(error?.code, 'file-exists');
	t.deepEqual(readdirSync(directory), ['b']);
});
