import test from 'ava';
import {type Ask, listenersOnMacos} from '../../lib/find/macos.js';
import {listenersOnWindows} from '../../lib/find/windows.js';

/** Answers as the programs of those systems did. */
function recorded(answers: ReadonlyArray<readonly [begins: RegExp, text: string]>): {
	readonly ask: Ask;
	readonly asked: string[];
} {
	const asked: string[] = [];
	return {
		asked,
		ask: async (file, args) => {
			const line = [file, ...args].join(' ');
			asked.push(line);
			return answers.find(([begins]) => begins.test(line))?.[1];
		},
	};
}

const lsof = `p4121
cnode
u501
f19
tIPv6
n[::1]:5173
TST=LISTEN
TQR=0
TQS=0
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

test('macOS: lsof names the sockets and directories, ps the commands', async t => {
	const {ask, asked} = recorded([
		[/lsof .*-sTCP:LISTEN/, lsof],
		[/lsof .*-d cwd/, 'p900\nfcwd\nn/\np4121\nfcwd\nn/Users/ann/my app\n'],
		[
			/\/bin\/ps /,
			' 4121 node /Users/ann/my app/node_modules/.bin/vite\n  900 /System/Library/CoreServices/ControlCenter.app/Contents/MacOS/ControlCenter\n',
		],
	]);
	const found = await listenersOnMacos(1000, ask);
	t.like(found[0], {
		port: 5173,
		address: '::1',
		pid: 4121,
		name: 'node',
		directory: '/Users/ann/my app',
		sealport: false,
	});
	t.regex(found[0]?.command ?? '', /^node \/Users\/ann\/my app\/node_modules\/\.bin\/vite$/);
	t.deepEqual(
		found.map(({port, address, name}) => [port, address, name]),
		[
			[5173, '::1', 'node'],
			[5000, '0.0.0.0', 'ControlCenter'],
			[5000, '::', 'ControlCenter'],
		],
	);
	t.true(asked.every(line => /^\/(usr\/s?bin|bin)\//.test(line)));
});

test('macOS: nobody listens, or there is no lsof', async t => {
	t.deepEqual(await listenersOnMacos(1000, recorded([]).ask), []);
});

const netstat = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1204
  TCP    127.0.0.1:5173         0.0.0.0:0              LISTENING       9876
  TCP    127.0.0.1:50001        127.0.0.1:5173         ESTABLISHED     9876
`.replaceAll('\n', '\r\n');
const netstat6 = `
  TCP    [::]:8000              [::]:0                 LISTENING       7001
`.replaceAll('\n', '\r\n');
const tasks =
	'"node.exe","9876","Console","1","45,120 K"\r\n"python.exe","7001","Console","1","12,000 K"\r\n';

test('Windows: netstat names the sockets, tasklist whose they are, PowerShell the commands', async t => {
	const {ask, asked} = recorded([
		[/netstat\.exe .*-p TCP$/, netstat],
		[/netstat\.exe .*-p TCPv6$/, netstat6],
		[/tasklist\.exe \/FI USERNAME eq /, tasks],
		[
			/powershell\.exe /,
			'9876 "C:\\Program Files\\nodejs\\node.exe" C:\\app\\node_modules\\vite\\bin\\vite.js\r\n',
		],
	]);
	const found = await listenersOnWindows(1000, ask);
	t.deepEqual(
		found.map(({port, address, pid, name, command}) => [port, address, pid, name, command]),
		[
			[
				5173,
				'127.0.0.1',
				9876,
				'node',
				"'C:\\Program Files\\nodejs\\node.exe' C:\\app\\node_modules\\vite\\bin\\vite.js",
			],
			[8000, '::', 7001, 'python', 'python'],
		],
	);
	t.true(asked.every(line => /^[A-Z]:\\.*\\System32\\/i.test(line)));
	t.is(asked.filter(line => line.includes('powershell')).length, 1);
});

test('Windows: without PowerShell the names are known all the same', async t => {
	const {ask} = recorded([
		[/netstat\.exe .*-p TCP$/, netstat],
		[/tasklist\.exe/, tasks],
	]);
	const found = await listenersOnWindows(1000, ask);
	t.deepEqual(
		found.map(({port, command}) => [port, command]),
		[[5173, 'node']],
	);
});
