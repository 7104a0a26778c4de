import {readdirSync, readFileSync} from 'node:fs';
import {isAlive, onLinuxInTurn} from '../helpers/process.js';
import {plainServer, runServer, written} from '../helpers/run-server.js';
import {until} from '../helpers/until.js';

/** Starts processes that try to get away: each writes its pid. */
const escapes = `
import {spawn} from 'node:child_process';
import fs from 'node:fs';
const forever = 'setInterval(() => {}, 1000); for (const name of ["SIGTERM", "SIGHUP", "SIGINT"]) process.on(name, () => {});';
const note = name => 'require("fs").writeFileSync("' + name + '", String(process.pid));';
const start = (code, options = {}) => spawn(process.execPath, ['-e', code], {stdio: 'ignore', ...options});
// Deep: a child of a child of a child.
const deep = depth => depth === 0
	? note('deep') + forever
	: 'require("child_process").spawn(process.execPath, ["-e", ' + JSON.stringify(deep(depth - 1)) + '], {stdio: "ignore"});' + forever;
start(deep(3));
// A session of its own, and no parent any more.
start('require("child_process").spawn(process.execPath, ["-e", ' + JSON.stringify(note('daemon') + forever) + '], {detached: true, stdio: "ignore"}).unref();', {detached: true}).unref();
// Without the environment, but not without its parent.
start(note('bare') + forever, {env: {}});
// Without the environment, in a session that one of the tree has opened and left.
start('require("child_process").spawn(process.execPath, ["-e", ' + JSON.stringify(note('orphan') + forever) + '], {env: {}, stdio: "ignore"}).unref(); setTimeout(() => process.exit(), 4000)', {detached: true}).unref();
`;

const names = ['deep', 'daemon', 'bare', 'orphan'];

onLinuxInTurn('all that it has started ends with it, wherever it has gone', async t => {
	t.timeout(120_000);
	const server = runServer(t, `${escapes}${plainServer}`);
	await server.serving();
	const pids = await Promise.all(
		names.map(async name => Number(await written(server.directory, name))),
	);
	t.true(pids.every(isAlive));
	server.run.child.kill('SIGTERM');
	await server.run.ended;
	t.deepEqual(
		names.filter((_, index) => isAlive(pids[index] ?? 0)),
		[],
	);
	await server.nothingLeft();
});

onLinuxInTurn('when Sealport is killed with SIGKILL as well', async t => {
	t.timeout(120_000);
	const server = runServer(t, `${escapes}${plainServer}`);
	await server.serving();
	const pids = await Promise.all(
		names.map(async name => Number(await written(server.directory, name))),
	);
	t.true(pids.every(isAlive));
	const watcher = watcherOf(server.run.child.pid ?? 0);
	t.true(isAlive(watcher));
	server.run.child.kill('SIGKILL');
	t.is(await server.run.ended, 'SIGKILL');
	await until('nothing is left', () => server.left().length === 0 && !pids.some(isAlive));
	await until('the watcher has ended', () => !isAlive(watcher));
});

onLinuxInTurn(
	'the process that sees to that ends with Sealport, and knows nothing of the marks',
	async t => {
		const server = runServer(t, plainServer);
		await server.serving();
		const watcher = watcherOf(server.run.child.pid ?? 0);
		t.notRegex(
			readFileSync(`/proc/${watcher}/environ`, 'latin1'),
			/SEALPORT|SPEC_MARK|NODE_OPTIONS/,
		);
		server.run.child.kill('SIGTERM');
		await server.nothingLeft();
		await until('the watcher has ended', () => !isAlive(watcher));
	},
);

onLinuxInTurn('what was there before is left alone', async t => {
	const {spawn} = await import('node:child_process');
	const stranger = spawn('sleep', ['1000'], {stdio: 'ignore'});
	t.teardown(() => stranger.kill('SIGKILL'));
	const server = runServer(t, plainServer);
	await server.serving();
	server.run.child.kill('SIGKILL');
	await until('nothing is left', () => server.left().length === 0);
	t.true(isAlive(stranger.pid ?? 0));
	t.is(stranger.exitCode, null);
});

function watcherOf(pid: number): number {
	const found = readdirSync('/proc')
		.filter(name => /^\d+$/.test(name))
		.find(name => {
			try {
				const parent = readFileSync(`/proc/${name}/stat`, 'latin1').split(') ')[1]?.split(' ')[1];
				return (
					parent === String(pid) &&
					readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('watcher.js')
				);
			} catch {
				return false;
			}
		});
	return Number(found);
}

onLinuxInTurn('a browser that it has opened is the one of the person, and stays', async t => {
	const server = runServer(
		t,
		`import {copyFileSync, writeFileSync} from 'node:fs';
		import {spawn} from 'node:child_process';
		for (const name of ['firefox', 'helper']) {
			copyFileSync('/bin/sleep', name);
			const opened = spawn('./' + name, ['1000'], {detached: true, stdio: 'ignore'});
			opened.unref();
			writeFileSync(name + '.pid', String(opened.pid));
		}
		${plainServer}`,
	);
	await server.serving();
	const browser = Number(await written(server.directory, 'firefox.pid'));
	const helper = Number(await written(server.directory, 'helper.pid'));
	server.run.child.kill('SIGTERM');
	t.is(await server.run.ended, 143);
	t.true(isAlive(browser));
	t.false(isAlive(helper));
	process.kill(browser, 'SIGKILL');
	await until('it is gone', () => !isAlive(browser));
	await server.nothingLeft();
});
