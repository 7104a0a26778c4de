import test from 'ava';
import {wholeOutput} from '../../../lib/access/peers/whole-output.js';

const run = (script: string, timeout = 60_000) =>
	wholeOutput(process.execPath, ['-e', script], timeout);

test('what a program writes, also when it says that something was missing', async t => {
	t.is(await run('console.log("all")'), 'all\n');
	t.is(await run('console.log("some"); process.exitCode = 1'), 'some\n');
});

test('nothing of a program that was stopped, wrote nothing, or is not there', async t => {
	t.is(await run('console.log("some"); setInterval(() => 0, 1000)', 3000), undefined);
	t.is(await run('console.log("some"); process.kill(process.pid, "SIGKILL")'), undefined);
	t.is(await run(''), undefined);
	t.is(await wholeOutput('/no/such/program', [], 1000), undefined);
});
