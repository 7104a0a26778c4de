import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {patient} from '../helpers/doctor.js';
import {must} from '../helpers/making.js';
import {unless} from '../helpers/programs.js';

const onPosix = unless(process.platform === 'win32' && 'no modes here', false);

test('a store that does not exist is reported and not made', async t => {
	const it = await patient(t);
	rmSync(it.directory, {recursive: true});
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.is(of('store')[0]?.verdict, 'failed');
	t.regex(of('store')[0]?.hint ?? '', /^sealport trust\b/);
	t.regex(of('clients')[0]?.detail ?? '', /not tried/);
	t.false(existsSync(it.directory));
});

onPosix('a key that others can read, and a file that others can write', async t => {
	const it = await patient(t);
	const key = join(it.directory, 'authority.pem');
	const ca = join(it.directory, 'ca.pem');
	chmodSync(key, 0o644);
	chmodSync(ca, 0o666);
	const {code, of} = await it.examine();
	t.is(code, 1);
	const said = of('store').map(({verdict, detail, hint}) => `${verdict} ${detail} ${hint}`);
	t.is(said.length, 2);
	t.true(
		said[0]?.startsWith(`failed others can read the key in ${key} (mode 0644) chmod 600 ${key}`),
	);
	t.is(said[1], `failed others can write to ${ca} (mode 0666) chmod 600 ${ca}`);
	t.is(lstatSync(key).mode & 0o777, 0o644, 'left as it was');
});

onPosix('a directory that others can write to, a link in place of a file', async t => {
	const it = await patient(t);
	chmodSync(it.directory, 0o777);
	rmSync(join(it.directory, 'ca.pem'));
	symlinkSync('/etc/passwd', join(it.directory, 'ca.pem'));
	const {code, of} = await it.examine();
	t.is(code, 1);
	const said = of('store').map(({detail}) => detail);
	t.deepEqual(said, [
		`others can write to ${it.directory} (mode 0777)`,
		`${join(it.directory, 'ca.pem')} is a symbolic link`,
	]);
});

onPosix('a pipe in place of the root certificate does not hold it up', async t => {
	const it = await patient(t);
	const file = join(it.directory, 'ca.pem');
	rmSync(file);
	await must('mkfifo', ['--mode=600', file]);
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.is(of('store')[0]?.detail, `${file} is not a file`);
});

onPosix('a directory for temporary files that is not there', async t => {
	const it = await patient(t);
	const {code, of} = await it.examine([], {TMPDIR: join(it.home, 'none')});
	t.is(code, 1);
	t.is(
		of('clients')[0]?.detail,
		`cannot make a directory in ${join(it.home, 'none')}: no such file or directory (ENOENT)`,
	);
	t.regex(of('clients')[0]?.hint ?? '', /TMPDIR/);
});

onPosix('a pipe in place of the authority does not hold it up', async t => {
	const it = await patient(t);
	const file = join(it.directory, 'authority.pem');
	rmSync(file);
	await must('mkfifo', ['--mode=600', file]);
	const {code, of} = await it.examine();
	t.is(code, 1);
	t.is(of('store')[0]?.detail, `${file} is not a file`);
	t.regex(of('certificate')[0]?.detail ?? '', /not a plain file/);
});

onPosix('what is not of Sealport, or no secret of its own, is no matter', async t => {
	const it = await patient(t);
	chmodSync(it.directory, 0o700);
	const notes = join(it.directory, 'README.md');
	writeFileSync(notes, '');
	chmodSync(notes, 0o664);
	writeFileSync(join(it.directory, 'notes.pem'), '');
	chmodSync(join(it.directory, 'notes.pem'), 0o666);
	mkdirSync(join(it.directory, 'archive'));
	const {of} = await it.examine();
	t.deepEqual(
		of('store').map(({verdict, detail}) => [verdict, detail]),
		[['ok', it.directory]],
	);
});
