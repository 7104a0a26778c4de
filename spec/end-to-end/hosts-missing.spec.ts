import test from 'ava';
import {runSealport, sealportProgram} from '../helpers/cli.js';
import {home} from '../helpers/home.js';
import {noOwnMachine, ownMachine} from '../helpers/own-machine.js';
import {unless} from '../helpers/programs.js';

test('a name that leads nowhere: the missing line, and the command that adds it', async t => {
	const names = ['a.localhost', '127.0.0.9', 'missing.test'].flatMap(name => ['--name', name]);
	const sealport = runSealport(t, home, ['demo', '--port', '0', ...names]);
	await sealport.says(
		'lacks the line "127.0.0.1 missing.test", which sealport hosts add missing.test adds',
	);
	t.regex(sealport.stdout, /^https:/, 'it is served all the same');
	t.is(sealport.stderr.match(/does not lead/g)?.length, 1, sealport.stderr);
});

test('the hosts of routes count, too', async t => {
	const sealport = runSealport(t, home, ['--route', 'route.test/admin=3000', '--port', '0']);
	await sealport.says('lacks the line "127.0.0.1 route.test"');
	t.pass();
});

unless(noOwnMachine)('a name that the hosts file has is not spoken of', async t => {
	const machine = await ownMachine(t, ['127.0.0.1 there.test']);
	const args = ['demo', '--port', '0', '--name', 'there.test', '--name', 'missing.test'];
	const sealport = machine.start(process.execPath, [sealportProgram, ...args]);
	await sealport.says('the line "127.0.0.1 missing.test"');
	t.notRegex(sealport.stderr, /there\.test does not lead/);
});
