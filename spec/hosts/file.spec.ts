import {
	chmodSync,
	chownSync,
	linkSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {changeHosts, hostsFile, readHosts} from '../../lib/hosts/file.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

function someFile(t: ExecutionContext, content: string | Buffer = '127.0.0.1 localhost\n') {
	const directory = temporaryDirectory(t);
	const file = join(directory, 'hosts');
	writeFileSync(file, content);
	return {directory, file};
}

const append = (text: string) => ({text: `${text}more\n`});

test('each system has its hosts file', t => {
	t.is(hostsFile('linux'), '/etc/hosts');
	t.is(hostsFile('darwin'), '/etc/hosts');
	t.is(hostsFile('win32', {SystemRoot: 'D:\\Win'}), 'D:\\Win\\System32\\drivers\\etc\\hosts');
});

test('permissions and owner stay, and nothing is left lying about', t => {
	const {directory, file} = someFile(t);
	chmodSync(file, 0o664);
	if (process.getuid?.() === 0) {
		chownSync(file, 4321, 4322);
	}
	const before = statSync(file);
	changeHosts(file, append);
	const after = statSync(file);
	t.is(readFileSync(file, 'utf8'), '127.0.0.1 localhost\nmore\n');
	t.deepEqual([after.mode, after.uid, after.gid], [before.mode, before.uid, before.gid]);
	t.not(after.ino, before.ino, 'replaced as a whole');
	t.deepEqual(readdirSync(directory), ['hosts']);
});

test('every byte comes back as it was', t => {
	const bytes = Buffer.from(Array.from({length: 255}, (_, index) => index + 1));
	const {file} = someFile(t, bytes);
	changeHosts(file, append);
	t.deepEqual(readFileSync(file), Buffer.concat([bytes, Buffer.from('more\n')]));
});

test('a file that stays the same is not written', t => {
	const {file} = someFile(t);
	const before = statSync(file);
	changeHosts(file, text => ({text}));
	t.is(statSync(file).ino, before.ino);
});

test('a symbolic link stays one, and so does a file of two names', t => {
	const {directory, file} = someFile(t);
	const link = join(directory, 'link');
	symlinkSync('hosts', link);
	changeHosts(link, append);
	t.is(readlinkSync(link), 'hosts');
	const other = join(directory, 'other');
	linkSync(file, other);
	changeHosts(file, append);
	t.is(readFileSync(other, 'utf8'), '127.0.0.1 localhost\nmore\nmore\n');
	changeHosts(file, () => ({text: 'short'}));
	t.is(readFileSync(other, 'utf8'), 'short');
});

test('what another program adds meanwhile is not lost', t => {
	const {file} = someFile(t);
	let calls = 0;
	changeHosts(file, text => {
		calls++;
		if (calls === 1) {
			writeFileSync(file, '10.0.0.1 new\n');
		}
		return append(text);
	});
	t.is(readFileSync(file, 'utf8'), '10.0.0.1 new\nmore\n');
});

test('a file that does not exist is made', t => {
	const file = join(temporaryDirectory(t), 'hosts');
	t.is(readHosts(file), '');
	changeHosts(file, append);
	t.is(readFileSync(file, 'utf8'), 'more\n');
});

test('UTF-16 is refused, and so is a directory', t => {
	const {directory, file} = someFile(t, Buffer.from('\ufeff127.0.0.1 localhost', 'utf16le'));
	t.throws(() => changeHosts(file, append), {code: 'hosts-unusable', message: /UTF-16/});
	t.throws(() => readHosts(directory), {code: 'hosts-unusable', message: /directory/});
});
