import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {copyFile, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Holder} from '../../lib/listener/holder/holder.js';
import {describeHolder, findHolder} from '../../lib/listener/holder.js';
import {freePort} from '../helpers/free-port.js';
import {onLinux} from '../helpers/process.js';

const name = basename(process.execPath);

/** Starts a program that writes a port number first, and ends it with the spec. */
async function start(t: ExecutionContext, args: readonly string[]) {
	const child: ChildProcess = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']});
	t.teardown(async () => {
		const ended = once(child, 'exit');
		child.kill('SIGKILL');
		await ended;
	});
	const [line] = await once(child.stdout ?? t.fail(), 'data');
	return {pid: child.pid, port: Number(String(line))};
}

const listen =
	"const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port));";

onLinux('a listening process is named with pid and command', async t => {
	const {pid, port} = await start(t, ['-e', listen, 'some', 'words']);
	const holder = await findHolder(port, '127.0.0.1');
	t.like(holder, {pid, name, sealport: false, kind: 'listening'});
	t.regex(holder?.command ?? '', /-e 'const s = .*…$/);
});

onLinux(
	'a listening process is found for a name, for no address, and not for another address',
	async t => {
		const {pid, port} = await start(t, ['-e', listen]);
		t.is((await findHolder(port, 'localhost'))?.pid, pid);
		t.is((await findHolder(port))?.pid, pid);
		t.is(await findHolder(port, '127.0.0.2'), undefined);
	},
);

onLinux('without patience the port is known to be held, and by whom is not', async t => {
	const {port} = await start(t, ['-e', listen]);
	t.like(await findHolder(port, '127.0.0.1', -1), {pid: undefined, kind: 'listening'});
});

onLinux('escape sequences in a command line are escaped', async t => {
	const {port} = await start(t, ['-e', listen, '\u001b]0;owned\u0007']);
	const title = `process.title = 'evil\\x1b[2Jtitle'; ${listen}`;
	const renamed = await start(t, ['-e', title, 'x'.repeat(40)]);
	for (const [at, expected] of [
		[port, undefined],
		[renamed.port, 'evil\\x1b[2Jtitle'],
	] as const) {
		const command = (await findHolder(at, '127.0.0.1'))?.command ?? t.fail();
		t.notRegex(command, /[\u0000-\u001f\u007f]/);
		t.true(expected === undefined || command.includes(expected), command);
	}
});

onLinux('an outgoing connection that has the port as its own end is told apart', async t => {
	const script = `
		const net = require('net');
		const s = net.createServer(c => c.resume()).listen(0, '127.0.0.1', () => {
			const free = net.createServer().listen(0, '127.0.0.1', () => {
				const localPort = free.address().port;
				free.close(() => {
					const c = net.connect({port: s.address().port, host: '127.0.0.1', localPort});
					c.on('connect', () => console.log(localPort));
				});
			});
		});`;
	const {pid, port} = await start(t, ['-e', script]);
	const holder = await findHolder(port, '127.0.0.1');
	t.like(holder, {pid, name, kind: 'connection'});
	t.is(describeHolder(holder), `an outgoing connection of ${name} (pid ${pid})`);
});

onLinux('Sealport itself is recognised', async t => {
	const folder = await mkdtemp(join(tmpdir(), 'sealport-spec-'));
	t.teardown(() => rm(folder, {recursive: true}));
	const script = join(folder, 'sealport.js');
	await writeFile(script, listen);
	await copyFile(script, join(folder, 'other.js'));
	const {pid, port} = await start(t, [script, '3000']);
	const holder = await findHolder(port, '127.0.0.1');
	t.true(holder?.sealport);
	t.is(describeHolder(holder), `another Sealport (pid ${pid}), "${holder?.command}"`);
	const other = await start(t, [join(folder, 'other.js')]);
	t.false((await findHolder(other.port, '127.0.0.1'))?.sealport);
});

test('a port that nobody holds has no holder', async t => {
	t.is(await findHolder(await freePort(), '127.0.0.1'), undefined);
});

const self = {pid: 1, uid: 1000};
const node: Holder = {
	pid: 4121,
	name: 'node',
	command: 'vite --port 62893',
	uid: 1000,
	sealport: false,
	kind: 'listening',
};
const hidden: Holder = {...node, pid: undefined, name: undefined, command: undefined};

for (const [holder, words] of [
	[undefined, 'another program'],
	[node, 'node (pid 4121), "vite --port 62893"'],
	[{...node, command: undefined}, 'node (pid 4121)'],
	[{...node, name: undefined, command: undefined}, 'a process (pid 4121)'],
	[{...node, sealport: true}, 'another Sealport (pid 4121), "vite --port 62893"'],
	[{...node, pid: 1}, 'this process itself (pid 1)'],
	[{...hidden, uid: 0}, 'a process of another user (uid 0)'],
	[hidden, 'a process that cannot be seen from here (uid 1000)'],
	[{...hidden, uid: undefined}, 'another program'],
	[
		{...hidden, uid: 7, kind: 'connection'},
		'an outgoing connection of a process of another user (uid 7)',
	],
] as const) {
	test(`described as: ${words} (${JSON.stringify(holder)})`, t => {
		t.is(describeHolder(holder, self), words);
	});
}
