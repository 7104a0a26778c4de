import {spawn} from 'node:child_process';
import {once} from 'node:events';
import test from 'ava';
import {cpuTime, memory, tree} from '../../bench/measure/process-tree.js';

const onLinux = process.platform === 'linux' ? test : test.skip;

/** Burns CPU time in a child of its own, waits for that, and says so. */
const parent = `
	const busy = 'const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);';
	require('node:child_process').spawnSync(process.execPath, ['--eval', busy]);
	process.stdout.write('done');
	setInterval(() => {}, 1000);
`;

onLinux('CPU time of a child that has ended stays in the sum', async t => {
	const child = spawn(process.execPath, ['--eval', parent], {stdio: ['ignore', 'pipe', 'inherit']});
	t.teardown(() => child.kill('SIGKILL'));
	await once(child.stdout, 'data');
	t.true(cpuTime(tree(child.pid ?? 0)) >= 0.3);
});

onLinux('a tree holds children of children', async t => {
	const sleeper = 'process.stdout.write(String(process.pid)); setInterval(() => {}, 1000)';
	const middle = `require('node:child_process').spawn(process.execPath, ['--eval', ${JSON.stringify(sleeper)}], {stdio: 'inherit'})`;
	const child = spawn(process.execPath, ['--eval', middle], {
		stdio: ['ignore', 'pipe', 'inherit'],
		detached: true,
	});
	t.teardown(() => process.kill(-(child.pid ?? 0), 'SIGKILL'));
	const [pid] = (await once(child.stdout, 'data')) as [Buffer];
	const pids = tree(child.pid ?? 0);
	t.deepEqual(pids, [child.pid ?? 0, Number(pid)]);
	t.true(memory(pids) > memory([Number(pid)]));
});

onLinux('a process that has gone counts as nothing', async t => {
	const child = spawn(process.execPath, ['--version'], {stdio: 'ignore'});
	await once(child, 'exit');
	t.is(cpuTime([child.pid ?? 0]), 0);
	t.is(memory([child.pid ?? 0]), 0);
});
