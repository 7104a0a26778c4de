import test from 'ava';
import {CommandError} from '../../lib/run/command-error.js';
import {commandFor} from '../../lib/run/command-for.js';

const env = {
	Path: 'C:\\Windows\\System32;C:\\Program Files\\nodejs;;D:\\tools',
	PATHEXT: '.COM;.EXE;.BAT;.CMD;.VBS;.JS',
	SYSTEMROOT: 'C:\\Windows',
};

const onWindows = (command: readonly string[], ...files: readonly string[]) =>
	commandFor(command, env, 'win32', path => files.includes(path));

test('everywhere but on Windows the system finds the program', t => {
	const start = commandFor(['npm', 'test', 'a b'], env, 'linux', () => false);
	t.deepEqual(start, {file: 'npm', args: ['test', 'a b'], verbatim: false});
});

test('a program is found by PATH and PATHEXT, and started as it is', t => {
	const file = 'C:\\Program Files\\nodejs\\node.exe';
	t.deepEqual(onWindows(['node', 'a b'], file), {file, args: ['a b'], verbatim: false});
	t.deepEqual(onWindows(['node.exe'], file), {file, args: [], verbatim: false});
});

test('a batch file is started by the interpreter of the system, its arguments quoted', t => {
	const start = onWindows(['npm', 'test', '&calc'], 'C:\\Program Files\\nodejs\\npm.cmd');
	t.is(start.file, 'C:\\Windows\\System32\\cmd.exe');
	t.is(start.args.at(-1), '""C:\\Program Files\\nodejs\\npm.cmd" "test" "&calc""');
	t.true(start.verbatim);
});

test('directories go by their order in PATH, extensions by theirs within one', t => {
	const program = 'D:\\tools\\x.exe';
	t.is(onWindows(['x'], program, 'C:\\Program Files\\nodejs\\x.cmd').verbatim, true);
	t.is(onWindows(['x'], program, 'D:\\tools\\x.cmd').file, program);
});

test('a script without an extension beside the batch file is passed over, as npm has one', t => {
	const start = onWindows(
		['npm'],
		'C:\\Program Files\\nodejs\\npm',
		'C:\\Program Files\\nodejs\\npm.cmd',
	);
	t.true(start.verbatim);
});

test('nothing is started that lies in the working directory and was not asked for by path', t => {
	const error = t.throws(
		() => commandFor(['npm'], {Path: 'C:\\x'}, 'win32', path => !path.startsWith('C:\\x\\')),
		{instanceOf: CommandError},
	);
	t.is(error?.exitCode, 127);
	t.regex(error?.message ?? '', /"npm": no such program/);
});
