import test from 'ava';
import {parseProcNetTcp} from '../../../lib/listener/holder/linux.js';
import {parseLsof} from '../../../lib/listener/holder/macos.js';
import {parseNetstat, parseTasklist} from '../../../lib/listener/holder/windows.js';

const procTcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   1: 0100007F:8BAD 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 9291 1 000000005fe08f10 100 0 0 10 0                      
   2: 0100007F:D80A 0100007F:8BAD 01 00000000:00000000 00:00000000 00000000     0        0 9293 2 00000000e9445246 20 0 0 10 -1                      
   3: 0100007F:D80B 0100007F:8BAD 06 00000000:00000000 03:000014F4 00000000     0        0 0 3 0000000000000000
`;
const procTcp6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:A543 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 9292 1 00000000e6570a2a 100 0 0 10 0
   1: 00000000000000000000000001000000:F5AD 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 9295 1 00000000e6570a2b 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:A543 0000000000000000FFFF00000100007F:D80A 01 00000000:00000000 00:00000000 00000000     0        0 9296 1 00000000e6570a2c 100 0 0 10 0
`;

test('/proc/net/tcp: listening and connected sockets, without those that nobody has', t => {
	t.deepEqual(parseProcNetTcp(procTcp, 'LE'), [
		{address: '127.0.0.1', port: 35_757, listening: true, uid: 1000, inode: '9291'},
		{address: '127.0.0.1', port: 55_306, listening: false, uid: 0, inode: '9293'},
	]);
});

test('/proc/net/tcp: addresses of a big-endian machine', t => {
	const [socket] = parseProcNetTcp(procTcp.replaceAll('0100007F', '7F000001'), 'BE');
	t.is(socket?.address, '127.0.0.1');
});

test('/proc/net/tcp6: wildcard, loopback and IPv4-mapped addresses', t => {
	const found = parseProcNetTcp(procTcp6, 'LE').map(({address, port}) => `${address} ${port}`);
	t.deepEqual(found, [':: 42307', '::1 62893', '127.0.0.1 42307']);
});

const lsof = `p4121
cnode
u501
f19
tIPv4
n127.0.0.1:62893
TST=LISTEN
TQR=0
TQS=0
f21
tIPv4
n127.0.0.1:55306->127.0.0.1:62893
TST=ESTABLISHED
TQR=0
TQS=0
p812
cfirefox
u502
f88
tIPv6
n[fd00::2]:62893->[2606:2800::1]:443
TST=ESTABLISHED
p900
cControlCenter
u501
f9
tIPv4
n*:5000
TST=LISTEN
f10
tIPv6
n*:5000
TST=LISTEN
`;

test('lsof -F: each socket with its process, listening ones told apart', t => {
	const node = {pid: 4121, name: 'node', uid: 501};
	const control = {pid: 900, name: 'ControlCenter', uid: 501};
	const remote = undefined;
	t.deepEqual(parseLsof(lsof), [
		{...node, address: '127.0.0.1', port: 62_893, listening: true, remote},
		{
			...node,
			address: '127.0.0.1',
			port: 55_306,
			listening: false,
			remote: {address: '127.0.0.1', port: 62_893},
		},
		{
			...{pid: 812, name: 'firefox', uid: 502, address: 'fd00::2', port: 62_893},
			listening: false,
			remote: {address: '2606:2800::1', port: 443},
		},
		{...control, address: '0.0.0.0', port: 5000, listening: true, remote},
		{...control, address: '::', port: 5000, listening: true, remote},
	]);
});

const english = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1204
  TCP    127.0.0.1:62893        0.0.0.0:0              LISTENING       9876
  TCP    192.168.1.5:62893      203.0.113.93:443       ESTABLISHED     812
  TCP    192.168.1.5:62894      203.0.113.93:443       TIME_WAIT       0
`.replaceAll('\n', '\r\n');

const german = `
Aktive Verbindungen

  Proto  Lokale Adresse         Remoteadresse          Status           PID
  TCP    127.0.0.1:62893        0.0.0.0:0              ABH\u00d6REN         9876
  TCP    192.168.1.5:62893      203.0.113.93:443       HERGESTELLT     812
  TCP    [::1]:62893            [::]:0                 ABH\u00d6REN         9876
  TCP    [fe80::5%12]:62893     [fe80::9%12]:443       HERGESTELLT     812
`;

for (const [language, text, addresses] of [
	['English', english, ['0.0.0.0 true', '127.0.0.1 true', '192.168.1.5 false']],
	['German', german, ['127.0.0.1 true', '192.168.1.5 false', '::1 true', 'fe80::5 false']],
] as const) {
	test(`netstat in ${language}: listening is known by the foreign address`, t => {
		const sockets = parseNetstat(text);
		t.deepEqual(
			sockets.map(({address, listening}) => `${address} ${listening}`),
			[...addresses],
		);
		t.is(sockets.find(({address}) => address === '127.0.0.1')?.pid, 9876);
		t.deepEqual(sockets.find(({pid}) => pid === 812)?.remote, {address: '203.0.113.93', port: 443});
	});
}

test('netstat: a state of two words, or none that could be decoded, changes nothing', t => {
	const line = (state: string) => `  TCP    127.0.0.1:62893   0.0.0.0:0   ${state}   77\r\n`;
	for (const state of ['EN ESCUCHA', 'ABH\ufffdREN', '\u041f\u0420\u041e\u0421\u041b.']) {
		t.like(parseNetstat(line(state))[0], {listening: true, pid: 77, port: 62_893});
	}
});

test('tasklist: the name without .exe, and nothing when there is no such process', t => {
	t.is(parseTasklist('"node.exe","9876","Console","1","45,120 K"\r\n'), 'node');
	t.is(
		parseTasklist('INFO: No tasks are running which match the specified criteria.\r\n'),
		undefined,
	);
});
