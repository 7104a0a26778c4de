import test from 'ava';
import {paperSystem} from '../../../helpers/paper-system.js';
import {heldBy, peer} from '../../../helpers/peers.js';
import {read, refusal, verdicts} from '../../../helpers/rule-verdicts.js';

const windows = paperSystem(
	'win32',
	{
		'C:\\Windows\\System32\\curl.exe': {},
		'C:/Windows/System32/curl.exe': {leadsTo: 'C:\\Windows\\System32\\curl.exe'},
		'c:/windows/system32/curl.exe': {leadsTo: 'C:\\Windows\\System32\\curl.exe'},
		'C:/Windows/System32/': {leadsTo: 'C:\\Windows\\System32\\', isFolder: true},
		'C:/': {leadsTo: 'C:\\', isFolder: true},
	},
	{
		'whoami.exe': 'desk\\alice\r\n',
		"NTAccount]'bob'": 'DESK\\bob\r\n',
		"NTAccount]'CORP\\bob'": 'CORP\\bob\r\n',
		'ProcessId = 900': '133456789012345678\r\n',
	},
	{path: 'C:\\Program Files\\x;C:\\Windows\\System32'},
);

const onWindows = (user: string, executable: string | undefined) =>
	heldBy(peer({user, uid: undefined, executable, netns: undefined}));

test('Windows: paths with a drive, of either slash, whatever the capitals', t => {
	const curl = onWindows('DESK\\bob', 'C:\\WINDOWS\\system32\\curl.exe');
	for (const text of [
		'exe=C:\\Windows\\System32\\curl.exe',
		'exe=c:/windows/system32/curl.exe',
		'exe=C:/Windows/System32/*.EXE',
		'exe=C:/**/curl.exe',
	]) {
		t.deepEqual(verdicts(text, curl, windows), [true, true], text);
		t.deepEqual(verdicts(text, onWindows('DESK\\bob', undefined), windows), [false, true], text);
		for (const other of ['D:\\Windows\\System32\\curl.exe', 'C:\\Temp\\wget.exe']) {
			t.deepEqual(verdicts(text, onWindows('DESK\\bob', other), windows), [false, false], text);
		}
	}
	t.regex(refusal('exe=/usr/bin/curl', windows).message, /absolute path/);
	t.regex(refusal('exe=curl', windows).hint ?? '', /exe=C:\\Windows\\System32\\curl\.exe/);
	t.regex(refusal('exe=C:/nothing.exe', windows).message, /no such file/);
});

test('Windows: users by their whole name, times of start', t => {
	const bob = onWindows('desk\\Bob', undefined);
	t.deepEqual(verdicts('user=bob', bob, windows), [true, true]);
	t.deepEqual(verdicts('user=CORP\\bob', bob, windows), [false, false]);
	t.deepEqual(verdicts('user=me', bob, windows), [false, false]);
	t.deepEqual(verdicts('user=me', onWindows('DESK\\alice', undefined), windows), [true, true]);
	t.deepEqual(verdicts('user=bob', onWindows('', undefined), windows), [false, true]);
	t.regex(refusal('user=carol', windows).message, /no user "carol"/);
	t.is(read('pid=900', windows).pid?.started, '133456789012345678');
	for (const hostile of ["x'; calc; '", 'x\u2019; calc', 'x\ny', '$(calc)"']) {
		const before = windows.asked.length;
		t.regex(refusal(`user=${hostile}`, windows).message, /no user/);
		t.is(windows.asked.length, before, hostile);
	}
});
