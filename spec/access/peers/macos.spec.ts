import {once} from 'node:events';
import {realpathSync} from 'node:fs';
import {connect} from 'node:net';
import {basename} from 'node:path';
import test from 'ava';
import {openMacosFinder, parsePrograms, parsePs} from '../../../lib/access/peers/macos.js';
import {wholeOutput} from '../../../lib/access/peers/whole-output.js';
import type {Ends} from '../../../lib/forward/seams.js';
import {startRawBackend} from '../../helpers/backend.js';
import {needs, pathOf} from '../../helpers/programs.js';

const sockets = `p400
cnode
u501
f19
tIPv4
n127.0.0.1:62893
TST=LISTEN
f23
tIPv4
n127.0.0.1:62893->127.0.0.1:55306
TST=ESTABLISHED
f24
tIPv6
n[::1]:62893->[::1]:55307
TST=ESTABLISHED
p4121
ccurl
u501
f5
tIPv4
n127.0.0.1:55306->127.0.0.1:62893
TST=ESTABLISHED
TQR=0
TQS=0
p4122
cPython
u502
f3
tIPv6
n[::1]:55307->[::1]:62893
TST=ESTABLISHED
p4123
cPython
u502
f3
tIPv6
n[::1]:55307->[::1]:62893
TST=ESTABLISHED
`;

const table = `    1     0     0 root             Mon Nov 23 08:00:00 2026    
  900     1   501 alice            Mon Nov 23 09:00:00 2026    
 4121   900   501 alice            Mon Nov 23 09:26:19 2026    
 4122     1   502 bob              Mon Nov 23 09:26:20 2026    
 4123  4122   502 bob              Mon Nov 23 09:26:21 2026    
`;

const programs = `p4121
ftxt
n/usr/bin/curl
ftxt
n/usr/lib/dyld
p4122
ftxt
n/opt/homebrew/Cellar/python@3.13/bin/My Python
ftxt
n/usr/lib/dyld
p4123
ftxt
n/usr/bin/curl (deleted)
ftxt
n/usr/lib/dyld
`;

const ps = '/bin/ps -A -ww -o pid=,ppid=,uid=,user=,lstart=';

const answers: Readonly<Record<string, string>> = {
	'-iTCP': sockets,
	[ps]: table,
	'-d txt': programs,
};

const scripted =
	(own: Readonly<Record<string, string | undefined>> = {}, asked: string[] = []) =>
	async (file: string, args: readonly string[]) => {
		const line = [file, ...args].join(' ');
		asked.push(line);
		return Object.entries({...answers, ...own}).find(([part]) => line.includes(part))?.[1];
	};

const overIPv4: Ends = {
	remoteAddress: '127.0.0.1',
	remotePort: 55_306,
	localAddress: '127.0.0.1',
	localPort: 62_893,
};
const overIPv6: Ends = {...overIPv4, remoteAddress: '::1', remotePort: 55_307, localAddress: '::1'};

test('user, program and ancestors of who has the other end', async t => {
	const asked: string[] = [];
	const {holders} = await openMacosFinder(scripted({}, asked)).find(overIPv4);
	t.deepEqual(holders, [
		{
			pid: 4121,
			user: 'alice',
			uid: 501,
			executable: '/usr/bin/curl',
			lineage: [4121, 900, 1],
			started: ['Mon Nov 23 09:26:19 2026', 'Mon Nov 23 09:00:00 2026', 'Mon Nov 23 08:00:00 2026'],
			netns: undefined,
			container: undefined,
		},
	]);
	t.true(asked.every(line => /^\/(usr\/sbin\/lsof|bin\/ps) /.test(line)));
});

test('over IPv6, by two processes, of which one runs a file that is gone', async t => {
	const {holders} = await openMacosFinder(scripted()).find(overIPv6);
	t.deepEqual(
		holders.map(({pid, user, executable}) => [pid, user, executable]),
		[
			[4122, 'bob', '/opt/homebrew/Cellar/python@3.13/bin/My Python'],
			[4123, 'bob', undefined],
		],
	);
});

test('our own end of the connection is nobody’s', async t => {
	const swapped = {...overIPv4, remotePort: 62_893, localPort: 62_893};
	await t.throwsAsync(openMacosFinder(scripted()).find(swapped), {message: /no process/});
});

for (const [name, own, message] of [
	['lsof cannot be run', {'-iTCP': undefined}, /lsof shows no sockets/],
	['ps cannot be run', {[ps]: undefined}, /has ended/],
	['ps does not know the process', {[ps]: table.replace(/^ 4121.*\n/m, '')}, /has ended/],
] as const) {
	test(`refused: ${name}`, async t => {
		await t.throwsAsync(openMacosFinder(scripted(own)).find(overIPv4), {message});
	});
}

test('without a list of programs it is not known which one it is', async t => {
	const {holders} = await openMacosFinder(scripted({'-d txt': undefined})).find(overIPv4);
	t.is(holders[0]?.executable, undefined);
});

test('what lsof could not print, or says of a file, is not taken for a path', t => {
	for (const name of ['/tmp/\\xc3\\xa9', '/tmp/^A', '/bin/x (deleted)', 'txt: permission denied']) {
		t.is(parsePrograms(`p7\nftxt\nn${name}\nftxt\nn/usr/bin/curl\n`).get(7), undefined, name);
	}
	t.is(parsePrograms('p7\nftxt\nn/opt/a (b)/c\n').get(7), '/opt/a (b)/c');
});

test('ps: what is no process is left out', t => {
	t.is(parsePs('').size, 0);
	t.is(parsePs('usage: ps\n').size, 0);
});

needs('lsof', 'ps')('the real lsof and ps say the same of this process', async t => {
	t.timeout(120_000);
	const {port} = await startRawBackend(t, socket => socket.resume());
	const socket = connect(port, '127.0.0.1');
	t.teardown(() => socket.destroy());
	await once(socket, 'connect');
	const finder = openMacosFinder((file, args, patience) =>
		wholeOutput(pathOf(basename(file)) ?? file, args, 10 * patience),
	);
	const {holders} = await finder.find({
		remoteAddress: '127.0.0.1',
		remotePort: socket.localPort ?? 0,
		localAddress: '127.0.0.1',
		localPort: port,
	});
	t.is(holders.length, 1);
	const [holder] = holders;
	t.like(holder, {pid: process.pid, uid: process.geteuid?.()});
	t.is(holder?.executable, realpathSync(process.execPath));
	t.deepEqual(holder?.lineage.slice(0, 2), [process.pid, process.ppid]);
	t.is(holder?.started?.length, holder?.lineage.length);
});
