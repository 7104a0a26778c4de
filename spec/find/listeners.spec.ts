import {realpathSync} from 'node:fs';
import {basename} from 'node:path';
import {listeners} from '../../lib/find/listeners.js';
import {spawnProgram} from '../helpers/cli.js';
import {onLinux} from '../helpers/process.js';
import {temporaryDirectory} from '../helpers/temporary-directory.js';

onLinux('what a program listens on, where it works, and its command line', async t => {
	const directory = temporaryDirectory(t);
	const script =
		"for (const host of ['127.0.0.1', '0.0.0.0'])" +
		"require('net').createServer().listen(0, host, function () {console.log(this.address().port)})";
	const program = spawnProgram(t, directory, process.execPath, ['-e', script, 'words']);
	await program.says(/\d+\n\d+\n/);
	const ports = program.stdout.trim().split('\n').map(Number);
	const found = (await listeners()).filter(({pid}) => pid === program.child.pid);
	t.deepEqual(found.map(({port}) => port).sort(), [...ports].sort());
	t.deepEqual(found.map(({address}) => address).sort(), ['0.0.0.0', '127.0.0.1']);
	for (const each of found) {
		t.like(each, {
			name: basename(realpathSync(process.execPath)),
			argv: [process.execPath, '-e', script, 'words'],
			directory: realpathSync(directory),
			sealport: false,
		});
		t.regex(each.command, / -e 'for /);
	}
});

onLinux('of a process and the children that have its socket, it is the process', async t => {
	// The child ends with its standard input, which the process holds open.
	const script = `require('net').createServer().listen(0, '127.0.0.1', function () {
		const stdio = ['pipe', 'ignore', 'ignore', this._handle.fd];
		const child = "console.log(3); process.stdin.on('end', () => process.exit()).resume()";
		require('child_process').spawn(process.execPath, ['-e', child], {stdio});
		console.log(this.address().port);
	})`;
	const program = spawnProgram(t, temporaryDirectory(t), process.execPath, ['-e', script]);
	await program.says(/\d+\n/);
	const port = Number(program.stdout);
	const found = (await listeners()).filter(each => each.port === port);
	t.deepEqual(
		found.map(({pid}) => pid),
		[program.child.pid],
	);
});
