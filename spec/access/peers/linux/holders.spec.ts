import {copyFileSync, readFileSync, statSync, unlinkSync} from 'node:fs';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {spawnProgram} from '../../../helpers/cli.js';
import {specFile} from '../../../helpers/owner.js';
import {onLinux} from '../../../helpers/process.js';
import {needs, unless} from '../../../helpers/programs.js';
import {pythonFile, realPath, receive, runPython, startFinder} from '../../../helpers/reception.js';
import {temporaryDirectory} from '../../../helpers/temporary-directory.js';
import {until} from '../../../helpers/until.js';

const withPython = process.platform === 'linux' ? needs('python3') : onLinux;
const asRoot = unless(
	(process.platform !== 'linux' && 'only for Linux') ||
		(process.getuid?.() !== 0 && 'only root can become another user'),
	false,
);

/** One for all of them: they look together, as connections that come together do. */
const finder = startFinder(specFile);

const families = [
	{name: 'IPv4', server: '127.0.0.1', client: '127.0.0.1'},
	{name: 'IPv6', server: '::1', client: '::1'},
	{name: 'IPv4 from an IPv6 socket', server: '127.0.0.1', client: '::ffff:127.0.0.1'},
	{name: 'IPv4 to a server of both', server: '::', client: '127.0.0.1'},
];

for (const {name, server, client} of families) {
	withPython(`${name}: the process at the other end, and its ancestors`, async t => {
		const reception = await receive(t, finder, server);
		const {child} = runPython(t, reception, 'kept = connect(); time.sleep(600)', client);
		const {holders} = await (await reception.next()).find();
		const network = statSync('/proc/self/ns/net');
		t.is(holders.length, 1);
		t.like(holders[0], {
			pid: child.pid,
			uid: process.getuid?.(),
			user: userInfo().username,
			executable: pythonFile(),
			netns: `${network.dev}:${network.ino}`,
		});
		t.deepEqual(holders[0]?.lineage.slice(0, 2), [child.pid, process.pid]);
		const own = readFileSync('/proc/self/stat', 'latin1')
			.replace(/^.*\) /, '')
			.split(' ')[19];
		t.is(holders[0]?.started?.[1], own);
	});
}

withPython('a child that has inherited the connection is there, too', async t => {
	const reception = await receive(t, finder);
	const run = runPython(
		t,
		reception,
		`
kept = connect()
child = os.fork()
if child == 0:
    os.dup2(kept.fileno(), 0)
    os.execvp('sleep', ['sleep', '600'])
print('forked', child, flush=True)
time.sleep(600)`,
	);
	const accepted = await reception.next();
	await run.says('forked');
	const child = Number(/forked (\d+)/.exec(run.stdout)?.[1]);
	const sleep = realPath('sleep');
	await until('it sleeps', async () =>
		(await accepted.find()).holders.some(({executable}) => executable === sleep),
	);
	const {holders} = await accepted.find();
	t.is(holders.length, 2);
	t.is(holders.find(({pid}) => pid === run.child.pid)?.executable, pythonFile());
	t.is(holders.find(({pid}) => pid === child)?.executable, sleep);
});

withPython('who executes another program is what runs now', async t => {
	const reception = await receive(t, finder);
	const run = runPython(
		t,
		reception,
		`
kept = connect()
os.dup2(kept.fileno(), 0)
kept.close()
os.execvp('sleep', ['sleep', '600'])`,
	);
	const accepted = await reception.next();
	await until('it sleeps', async () =>
		(await accepted.find()).holders.every(({executable}) => executable === realPath('sleep')),
	);
	t.deepEqual(
		(await accepted.find()).holders.map(({pid}) => pid),
		[run.child.pid],
	);
});

for (const keeps of [true, false]) {
	const title = keeps ? 'and keeps it: both are there' : 'and closes it: the other one is there';
	withPython(`a process hands the connection over ${title}`, async t => {
		const reception = await receive(t, finder);
		// The receiver is no child of the one that connects.
		const run = runPython(
			t,
			reception,
			`
mine, theirs = socket.socketpair()
receiver = os.fork()
if receiver == 0:
    mine.close()
    got = socket.recv_fds(theirs, 1, 1)
    theirs.send(b'.')
    time.sleep(600)
theirs.close()
kept = connect()
socket.send_fds(mine, [b'.'], [kept.fileno()])
mine.recv(1)
${keeps ? '' : 'kept.close()'}
print('handed', receiver, flush=True)
time.sleep(600)`,
		);
		const accepted = await reception.next();
		await run.says('handed');
		const receiver = Number(/handed (\d+)/.exec(run.stdout)?.[1]);
		t.deepEqual(
			(await accepted.find()).holders.map(({pid}) => pid).sort(),
			(keeps ? [run.child.pid ?? 0, receiver] : [receiver]).sort(),
		);
	});
}

/** What happens in, or to, a process that had rested, and had been looked at meanwhile; it prints `done`. */
const awakened: Readonly<Record<string, {readonly script: string; readonly holders: number}>> = {
	'that has rested and is handed the connection': {
		holders: 2,
		script: `
mine, theirs = socket.socketpair()
if os.fork() == 0:
    mine.close()
    print('rests', flush=True)
    got = socket.recv_fds(theirs, 1, 1)
    theirs.send(b'.')
    time.sleep(600)
signal.sigwait([signal.SIGUSR1])
kept = connect()
socket.send_fds(mine, [b'.'], [kept.fileno()])
mine.recv(1)
print('done', flush=True)
time.sleep(600)`,
	},
	'of which only another thread has run': {
		holders: 1,
		script: `
import threading
def work():
    signal.sigwait([signal.SIGUSR1])
    global kept
    kept = connect()
    print('done', flush=True)
    time.sleep(600)
threading.Thread(target=work).start()
print('rests', flush=True)
time.sleep(600)`,
	},
	'that has rested, and shares its descriptors with the one that connects': {
		holders: 2,
		script: `
import ctypes
libc = ctypes.CDLL(None)
# clone(CLONE_FILES | SIGCHLD): a process of its own, with the same table.
number = {'x86_64': 56, 'aarch64': 220}[os.uname().machine]
if libc.syscall(number, 0x400 | 17, 0, 0, 0, 0) == 0:
    time.sleep(600)
print('rests', flush=True)
signal.sigwait([signal.SIGUSR1])
kept = connect()
print('done', flush=True)
time.sleep(600)`,
	},
};

for (const [what, {script, holders}] of Object.entries(awakened)) {
	for (const descriptors of [0, 200]) {
		withPython(`a process ${what}, with ${descriptors} more descriptors, is there`, async t => {
			const reception = await receive(t, finder);
			const more = `import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\nmore = [os.open('/dev/null', 0) for _ in range(${descriptors})]\n`;
			const run = runPython(t, reception, `${more}${script}`);
			await run.says('rests');
			// Others who connect make the finder look at it, and see that it rests.
			for (let look = 0; look < 3; look++) {
				await setTimeout(150);
				const other = runPython(t, reception, 'kept = connect(); time.sleep(600)');
				await (await reception.next()).find();
				other.child.kill();
			}
			run.child.kill('SIGUSR1');
			const accepted = await reception.next();
			await run.says('done');
			const found = (await accepted.find()).holders.map(({pid}) => pid);
			t.is(found.length, holders);
			// Who is told only by the user of the socket has none.
			t.false(found.includes(0));
		});
	}
}

withPython('a program whose file is gone or another one has no path', async t => {
	const reception = await receive(t, finder);
	const directory = temporaryDirectory(t);
	const file = join(directory, 'perl');
	copyFileSync('/usr/bin/perl', file);
	const script = `socket(my $s, 2, 1, 6); connect($s, pack('S n a4 x8', 2, ${reception.port}, "\\x7f\\0\\0\\1")); sleep 600`;
	spawnProgram(t, directory, file, ['-e', script]);
	const accepted = await reception.next();
	t.is((await accepted.find()).holders[0]?.executable, file);
	unlinkSync(file);
	t.is((await accepted.find()).holders[0]?.executable, undefined);
	copyFileSync('/usr/bin/env', `${file} (deleted)`);
	t.is((await accepted.find()).holders[0]?.executable, undefined);
});

withPython('a process whose first thread has ended is not taken for nobody', async t => {
	const reception = await receive(t, finder);
	const run = runPython(
		t,
		reception,
		`
import ctypes, threading
kept = connect()
if os.fork() == 0:
    os.dup2(kept.fileno(), 0)
    os.execvp('sleep', ['sleep', '600'])
def stay():
    print('stays', flush=True)
    time.sleep(600)
threading.Thread(target=stay).start()
ctypes.CDLL(None).pthread_exit(None)`,
	);
	const accepted = await reception.next();
	await run.says('stays');
	await until('the first thread has ended', () =>
		readFileSync(`/proc/${run.child.pid}/stat`, 'latin1').includes(') Z'),
	);
	await t.throwsAsync(accepted.find());
});

withPython('nobody: the client has left', async t => {
	const reception = await receive(t, finder);
	const run = runPython(t, reception, 'connect()');
	const accepted = await reception.next();
	await run.ended;
	await t.throwsAsync(accepted.find(), {message: /the other end of the connection/});
});

withPython('a process whose parent is gone has no part in its lineage', async t => {
	const reception = await receive(t, finder);
	const run = runPython(
		t,
		reception,
		`
parent = os.getpid()
if os.fork() == 0:
    while os.getppid() == parent: time.sleep(.01)
    kept = connect()
    time.sleep(600)`,
	);
	const {holders} = await (await reception.next()).find();
	t.false(holders[0]?.lineage.includes(run.child.pid ?? 0));
});

asRoot('the user of the process, and of the socket where that is another', async t => {
	const reception = await receive(t, finder);
	runPython(t, reception, 'os.setuid(65534); kept = connect(); time.sleep(600)');
	const own = (await (await reception.next()).find()).holders;
	t.deepEqual(
		own.map(({uid, user}) => [uid, user]),
		[[65534, 'nobody']],
	);
	const run = runPython(
		t,
		reception,
		'kept = connect(); os.setuid(65534); print("done", flush=True); time.sleep(600)',
	);
	const accepted = await reception.next();
	await run.says('done');
	const both = (await accepted.find()).holders;
	t.deepEqual(both.map(({uid}) => uid).sort(), [0, 65534]);
	const mixed = runPython(
		t,
		reception,
		'os.setreuid(65534, 0); kept = connect(); print("done", flush=True); time.sleep(600)',
	);
	const third = await reception.next();
	await mixed.says('done');
	const users = (await third.find()).holders;
	t.deepEqual(users.map(({uid}) => uid).sort(), [0, 65534]);
});

test('a finder that has been given up is opened anew', async t => {
	if (process.platform !== 'linux') {
		t.pass();
		return;
	}
	const own = startFinder(t);
	own.release();
	own.hold();
	const reception = await receive(t, own);
	const {connect} = await import('node:net');
	const client = connect(reception.port, '127.0.0.1');
	t.teardown(() => client.destroy());
	const {holders} = await (await reception.next()).find();
	t.deepEqual(
		holders.map(({pid}) => pid),
		[process.pid],
	);
});
