import {
	chmodSync,
	chownSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {UserError} from '../../../lib/errors.js';
import {defaultDirectory, openDirectory} from '../../../lib/pki/store/directory.js';
import {openAuthority} from '../../../lib/pki/store/open-authority.js';
import {unless} from '../../helpers/programs.js';
import {temporaryDirectory} from '../../helpers/temporary-directory.js';

const modeOf = (file: string) => lstatSync(file).mode & 0o7777;
const withModes = unless(process.platform === 'win32' && 'Windows has no modes', false);

async function refuses(t: ExecutionContext, directory: string, message: RegExp): Promise<void> {
	const error = await t.throwsAsync(openAuthority(directory), {instanceOf: UserError});
	t.is(error?.code, 'store-unusable');
	t.regex(error?.message ?? '', message);
	t.regex(error?.hint ?? '', /--certs/);
}

test('the default directory, by platform and environment', t => {
	for (const [env, platform, home, expected] of [
		[{}, 'linux', '/home/ann', '/home/ann/.local/share/sealport'],
		[{XDG_DATA_HOME: '/data'}, 'linux', '/home/ann', '/data/sealport'],
		[{XDG_DATA_HOME: 'data'}, 'linux', '/home/ann', '/home/ann/.local/share/sealport'],
		[{XDG_DATA_HOME: ''}, 'freebsd', '/home/ann', '/home/ann/.local/share/sealport'],
		[
			{XDG_DATA_HOME: '/data'},
			'darwin',
			'/Users/ann',
			'/Users/ann/Library/Application Support/Sealport',
		],
		[{LOCALAPPDATA: 'D:\\Local'}, 'win32', 'C:\\Users\\ann', 'D:\\Local\\Sealport'],
		[{}, 'win32', 'C:\\Users\\ann', 'C:\\Users\\ann\\AppData\\Local\\Sealport'],
	] as const) {
		t.is(defaultDirectory(env, platform, home), expected);
	}
});

withModes('a directory with nothing but our own files is closed to others', async t => {
	for (const files of [
		[],
		['README.md', '.gitignore'],
		['ca.pem', '.sealport-1-0123456789abcdef.tmp'],
	]) {
		const directory = temporaryDirectory(t);
		for (const name of files) {
			writeFileSync(join(directory, name), '');
		}
		chmodSync(directory, 0o777);
		t.is(await openDirectory(directory), directory);
		t.is(modeOf(directory), 0o700);
	}
});

withModes(
	'a directory with other files keeps its mode, and is refused if others can write',
	async t => {
		const directory = temporaryDirectory(t);
		writeFileSync(join(directory, 'package.json'), '{}');
		chmodSync(directory, 0o755);
		await openAuthority(directory);
		t.is(modeOf(directory), 0o755);
		t.is(modeOf(join(directory, 'authority.pem')), 0o600);
		for (const mode of [0o775, 0o757, 0o1777]) {
			chmodSync(directory, mode);
			await refuses(t, directory, /others can write to it \(mode 01?7[57][57]|mode 01777/);
			t.is(modeOf(directory), mode);
		}
	},
);

test('a symbolic link in place of the directory is refused, one above it is not', async t => {
	const base = temporaryDirectory(t);
	mkdirSync(join(base, 'real'));
	symlinkSync(join(base, 'real'), join(base, 'link'));
	await refuses(t, join(base, 'link'), /it is a symbolic link/);
	t.deepEqual(readdirSync(join(base, 'real')), []);

	symlinkSync(join(base, 'nothing'), join(base, 'dangling'));
	await refuses(t, join(base, 'dangling'), /it is a symbolic link/);
	await refuses(t, join(base, 'dangling', 'store'), /no such file or directory/);

	await openAuthority(join(base, 'link', 'store'));
	t.deepEqual(readdirSync(join(base, 'real', 'store')).sort(), ['authority.pem', 'ca.pem']);
});

test('a file in place of the directory, or above it, is refused', async t => {
	const file = join(temporaryDirectory(t), 'file');
	writeFileSync(file, '');
	await refuses(t, file, /it is not a directory/);
	await refuses(t, join(file, 'store'), /not a directory/);
});

unless(process.getuid?.() !== 0 && 'only root can make files of another user', false)(
	'a directory, or a file in it, that belongs to another user is refused',
	async t => {
		const base = temporaryDirectory(t);
		const directory = join(base, 'store');
		await openAuthority(directory);
		chownSync(join(directory, 'authority.pem'), 65_534, 65_534);
		await refuses(t, directory, /authority\.pem: it belongs to another user \(uid 65534\)/);
		chownSync(directory, 65_534, 65_534);
		await refuses(t, directory, /store: it belongs to another user \(uid 65534\)/);
	},
);
