import test from 'ava';
import {commandLine, type Step} from '../../../lib/pki/trust/step.js';
import {needs} from '../../helpers/programs.js';
import {run} from '../../helpers/run.js';

const golden: ReadonlyArray<readonly [step: Step, posix: string, windows: string]> = [
	[
		{kind: 'run', program: '/usr/bin/tool', args: ['-n', 'a name', '']},
		"/usr/bin/tool -n 'a name' ''",
		"/usr/bin/tool -n 'a name' ''",
	],
	[{kind: 'directory', path: '/a/b', mode: 0o700}, 'mkdir -p -m 0700 /a/b', 'mkdir -Force /a/b'],
	[
		{kind: 'write', path: '/a/b', content: 'c', from: '/d/e', mode: 0o644},
		'install -m 0644 /d/e /a/b',
		'copy -Force /d/e /a/b',
	],
	[{kind: 'copy', from: '/a', to: '/b c'}, "cp -p /a '/b c'", "copy -Force /a '/b c'"],
	[{kind: 'move', from: '/a', to: '/b c'}, "mv -f /a '/b c'", "move -Force /a '/b c'"],
	[{kind: 'remove', path: "/it's"}, "rm -f '/it'\\''s'", "del -Force '/it''s'"],
	[{kind: 'remove-directory', path: '/a'}, 'rmdir /a', 'rmdir /a'],
];

for (const [step, posix, windows] of golden) {
	test(`as a command line: ${step.kind}`, t => {
		t.is(commandLine(step, 'linux'), posix);
		t.is(commandLine(step, 'win32'), windows);
	});
}

test('what is quoted for PowerShell is one word there, and a command where it comes first', t => {
	const line = (program: string, ...args: readonly string[]) =>
		commandLine({kind: 'run', program, args}, 'win32');
	const system = 'C:\\Windows\\System32\\certutil.exe';
	t.is(
		line(system, '-user', 'C:\\Users\\Jane & Joe\\ca.pem'),
		`${system} -user 'C:\\Users\\Jane & Joe\\ca.pem'`,
	);
	t.is(
		line('C:\\Program Files\\Java\\bin\\keytool.exe', '-list', '-J-Duser.language=en'),
		"& 'C:\\Program Files\\Java\\bin\\keytool.exe' -list '-J-Duser.language=en'",
	);
	t.is(line('tool', "o'neil’s", 'a,b', '$x', '(1)'), "tool 'o''neil’’s' 'a,b' '$x' '(1)'");
});

needs('sh', 'printf')('a POSIX shell reads every word as it was', async t => {
	const args = [
		'$HOME',
		'`id`',
		"it's",
		'a b',
		'*',
		'~',
		'',
		'\\',
		'"',
		';ls',
		'a\nb',
		'#',
		'é',
		'-n',
	];
	const line = commandLine({kind: 'run', program: 'printf', args: ['%s|', ...args]}, 'linux');
	const {stdout} = await run('sh', ['-c', line]);
	t.deepEqual(stdout.split('|').slice(0, -1), args);
});
