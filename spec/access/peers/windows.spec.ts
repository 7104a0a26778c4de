import test from 'ava';
import {openWindowsFinder, parseDetails} from '../../../lib/access/peers/windows.js';
import type {Ends} from '../../../lib/forward/seams.js';

const tcp = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    127.0.0.1:62893        0.0.0.0:0              ABH\ufffdREN         400
  TCP    127.0.0.1:55306        127.0.0.1:62893        HERGESTELLT     4121
  TCP    127.0.0.1:62893        127.0.0.1:55306        HERGESTELLT     400
  TCP    127.0.0.1:55308        127.0.0.1:62893        WARTEND         0
`.replaceAll('\n', '\r\n');
const tcp6 = `
  Proto  Local Address          Foreign Address        State           PID
  TCP    [::1]:55307            [::1]:62893            ESTABLISHED     4122
  TCP    [::1]:62893            [::1]:55307            ESTABLISHED     400
`.replaceAll('\n', '\r\n');

const processes = `4 0 133456789000000000
900 4 133456789000000001
4121 900 133456789000000002
4121|DESK\\alice|C:\\Program Files\\curl\\curl.exe
4122 4120 133456789000000003
4122||
4120 4 133456789999999999
`.replaceAll('\n', '\r\n');

const answers: Readonly<Record<string, string>> = {
	'-p TCPv6': tcp6,
	'-p TCP': tcp,
	'powershell.exe': processes,
};

const scripted =
	(own: Readonly<Record<string, string | undefined>> = {}, asked: string[] = []) =>
	async (file: string, args: readonly string[]) => {
		const line = [file, ...args].join(' ');
		asked.push(line);
		const all = {...answers, ...own};
		// The longer first: -p TCP is in -p TCPv6.
		return Object.entries(all).find(([part]) => line.includes(part))?.[1];
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
	const {holders} = await openWindowsFinder(scripted({}, asked)).find(overIPv4);
	t.deepEqual(holders, [
		{
			pid: 4121,
			user: 'DESK\\alice',
			uid: undefined,
			executable: 'C:\\Program Files\\curl\\curl.exe',
			lineage: [4121, 900, 4],
			started: ['133456789000000002', '133456789000000001', '133456789000000000'],
			netns: undefined,
			container: undefined,
		},
	]);
	t.true(asked.every(line => line.startsWith('C:\\Windows\\System32\\')));
	t.true(asked.some(line => line.includes('$wanted = @(4121)')));
});

test('a process of somebody else: neither user nor program is known, nor a parent that is younger', async t => {
	const {holders} = await openWindowsFinder(scripted()).find(overIPv6);
	t.like(holders[0], {pid: 4122, user: '', executable: undefined});
	t.deepEqual(holders[0]?.lineage, [4122]);
});

for (const [name, own, message] of [
	['netstat cannot be run', {'-p TCPv6': undefined, '-p TCP': undefined}, /netstat shows no/],
	['PowerShell cannot be run', {'powershell.exe': undefined}, /PowerShell shows no processes/],
	['the process has gone', {'powershell.exe': '4 0 133456789000000000\r\n'}, /has ended/],
] as const) {
	test(`refused: ${name}`, async t => {
		await t.throwsAsync(openWindowsFinder(scripted(own)).find(overIPv4), {message});
	});
}

test('a socket that nobody has any more is nobody’s', async t => {
	const waiting = {...overIPv4, remotePort: 55_308};
	await t.throwsAsync(openWindowsFinder(scripted()).find(waiting), {message: /no process/});
});

test('lines about processes', t => {
	t.deepEqual(parseDetails('7|A\\b|C:\\x y.exe\r\n8||\r\n9 1 2\r\n'), [
		{pid: 7, user: 'A\\b', executable: 'C:\\x y.exe'},
		{pid: 8, user: '', executable: undefined},
	]);
	t.deepEqual(parseDetails('7|A|C:\\x|y\r\n'), []);
});
